//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What a command of root leaves in a data folder belongs to the server's user, as all else there: the
// server could not start any more. Without root it belongs to the user of the command.
func TestCommandKeepsOwner(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startWithAccount(t, folder)
	user := os.Geteuid()
	if user == 0 {
		user = 65533
		each(t, folder, func(path string, _ *syscall.Stat_t) { must(t, os.Chown(path, user, user)) })
	}
	for _, command := range []string{"keys rotate", "keys rotate --drop-old", "invite create", "account reset-password alice.test", "check"} {
		mustRun(t, folder, strings.Fields(command)...)
		each(t, folder, func(path string, owned *syscall.Stat_t) {
			if int(owned.Uid) != user {
				t.Errorf("%s: %s belongs to user %d, want %d", command, filepath.Base(path), owned.Uid, user)
			}
		})
	}
	startOnce(t, folder)
	each(t, folder, func(path string, owned *syscall.Stat_t) {
		if int(owned.Uid) != user {
			t.Errorf("after a start: %s belongs to user %d, want %d", filepath.Base(path), owned.Uid, user)
		}
	})
}

// each calls f for a folder and all that is in it.
func each(t *testing.T, folder string, f func(path string, owned *syscall.Stat_t)) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			f(path, info.Sys().(*syscall.Stat_t))
		}
		return err
	}))
}
