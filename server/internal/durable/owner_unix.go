//go:build unix

package durable

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// giveLike gives a file to the owner and the group of another. Only root does that: what others write
// stays theirs. So does what is on a file system, or in a container, that knows no such owner.
func giveLike(file *os.File, other fs.FileInfo) error {
	owned, ok := other.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	err := file.Chown(int(owned.Uid), int(owned.Gid))
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}
