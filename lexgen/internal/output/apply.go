package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Apply makes the disk as planned and returns what it changed. It writes only
// files that differ, each as a whole, and removes leftovers. If there are
// obstacles it changes nothing and returns what Compare does.
//
// An error that keeps it from finishing makes it put back what it had changed;
// if that fails as well, the error says so. If nothing but temporary files
// remain to be removed, it returns the changes, which were made, and an error.
// The temporary files of runs that were killed are removed too.
func Apply(plan Plan) (Changes, error) {
	a := applier{rename: os.Rename}
	return a.apply(plan)
}

// applier carries out a plan in two steps: prepare does what takes space and
// may fail for many reasons, beside the files that are there; commit only
// renames.
type applier struct {
	rename func(from, to string) error

	undo  []func() error // undoes the steps so far, to be called from the last to the first
	trash []string       // files to remove when all went well
	moves []move
}

// move is a prepared replacement or removal of a file.
type move struct {
	operation, path string // what the move is for
	from, to        string
	backup          string // copy of the old file, or "" if there is none
}

func (a *applier) apply(plan Plan) (Changes, error) {
	changes, err := Compare(plan)
	if err != nil || len(changes.Obstacles) > 0 {
		return changes, err
	}
	if err := a.run(plan, changes); err != nil {
		return Changes{}, errors.Join(err, plan.failure("restore", plan.Root, a.rollback()))
	}
	var problems []error
	for _, path := range a.trash {
		problems = append(problems, plan.failure("clean up", filepath.Dir(path), removeIfExists(path)))
	}
	return changes, errors.Join(append(problems, plan.removeTemporaries())...)
}

func (a *applier) run(plan Plan, changes Changes) error {
	for _, path := range slices.Concat(changes.Missing, changes.Stale) {
		if err := a.prepare(path, plan.Files[path]); err != nil {
			return plan.failure("write", path, err)
		}
	}
	for _, path := range changes.Leftover {
		if err := a.prepareRemoval(path); err != nil {
			return plan.failure("remove", path, err)
		}
	}
	for _, m := range a.moves {
		if err := a.commit(m); err != nil {
			return plan.failure(m.operation, m.path, err)
		}
	}
	return nil
}

// rollback undoes everything that was done, as far as possible.
func (a *applier) rollback() error {
	var problems []error
	for _, undo := range slices.Backward(a.undo) {
		problems = append(problems, undo())
	}
	return errors.Join(problems...)
}

// prepare writes the new content, and a copy of the old one, beside a file.
func (a *applier) prepare(path string, content []byte) error {
	if err := a.makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	m := move{operation: "write", path: path, to: path}
	mode := os.FileMode(0o644)
	if info, err := os.Lstat(path); err == nil {
		mode = info.Mode().Perm()
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if m.backup, err = a.temporary(path, old, mode); err != nil {
			return err
		}
		a.trash = append(a.trash, m.backup)
	}
	var err error
	if m.from, err = a.temporary(path, content, mode); err != nil {
		return err
	}
	a.moves = append(a.moves, m)
	return nil
}

// prepareRemoval reserves the name under which a leftover waits for its
// removal.
func (a *applier) prepareRemoval(path string) error {
	name, err := a.temporary(path, nil, 0o600)
	if err != nil {
		return err
	}
	a.moves = append(a.moves, move{operation: "remove", path: path, from: path, to: name})
	a.trash = append(a.trash, name)
	return nil
}

// commit does a prepared move. A leftover that another run has removed in the
// meantime is as it should be.
func (a *applier) commit(m move) error {
	err := a.rename(m.from, m.to)
	if m.from == m.path && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	back := m.from
	if m.backup != "" {
		back = m.backup
		a.undo = append(a.undo, func() error { return os.Rename(back, m.to) })
		return nil
	}
	a.undo = append(a.undo, func() error { return os.Rename(m.to, back) })
	if m.from == m.path {
		// A leftover is old. Under its temporary name it must not look as if its run were dead.
		now := time.Now()
		return os.Chtimes(m.to, now, now)
	}
	return nil
}

// makeFolder creates a folder and those above it.
func (a *applier) makeFolder(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if parent := filepath.Dir(folder); parent != folder {
		if err := a.makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		if info, statErr := os.Stat(folder); statErr == nil && info.IsDir() {
			return nil // another run was faster
		}
		return err
	}
	a.undo = append(a.undo, func() error { return os.Remove(folder) })
	return nil
}
