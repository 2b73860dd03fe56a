package driver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lexgen-go/lexgen/lexgen/internal/diag"
)

// MaxFileSize is how many bytes a document, a configuration, a page or data may have.
const MaxFileSize = 10 << 20

// unfit is why a file is not read although the system would read it. A pipe may never end, and a device
// may never stop.
type unfit string

const (
	notRegular unfit = "not a regular file"
	tooLarge   unfit = "more than 10 MiB"
)

// Error returns the reason.
func (u unfit) Error() string { return string(u) }

// readFile returns the content of a regular file of at most [MaxFileSize] bytes. When ctx ends before
// that, it returns why ctx ended.
func readFile(ctx context.Context, path string) ([]byte, error) {
	return await(ctx, func() ([]byte, error) { return readRegular(path) })
}

// readRegular is readFile, and may take as long as the file system does.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path) // before it is opened, which a pipe without a writer does not allow
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, notRegular
	case info.Size() > MaxFileSize:
		return nil, tooLarge
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readLimited(file)
}

// readLimited reads to the end of what has at most [MaxFileSize] bytes.
func readLimited(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFileSize+1))
	if err == nil && len(data) > MaxFileSize {
		return nil, tooLarge
	}
	return data, err
}

// await returns what do returns, or, if ctx ends before that, why it ended. Then do goes on in the
// background: nothing else ends a read that waits for a terminal or a pipe.
func await(ctx context.Context, do func() ([]byte, error)) ([]byte, error) {
	type outcome struct {
		data []byte
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		data, err := do()
		done <- outcome{data, err}
	}()
	select {
	case got := <-done:
		return got.data, got.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// reason returns an error of the file system without the path, which may not be the one that the
// user wrote.
func reason(err error) error {
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return failure.Err
	}
	return err
}

// reportUnreadable reports that a file is not read.
func (d *driver) reportUnreadable(name string, err error) {
	hint := "make it a file that can be read, or remove it"
	if errors.As(err, new(unfit)) {
		hint = fmt.Sprintf("lexgen reads regular files of at most %d MiB", MaxFileSize>>20)
	}
	d.result.Diags.Errorf(whole(name), diag.UnreadableFile, "cannot be read: %v", reason(err)).Hint("%s", hint)
}

// locateTyped returns where a path leads that the user typed, and what messages call it.
func (d *driver) locateTyped(path string) (absolute, name string) {
	if filepath.IsAbs(path) {
		return path, filepath.ToSlash(path)
	}
	absolute = filepath.Join(d.dir, path)
	return absolute, d.name(absolute)
}
