package main

// A lock is a file in the data folder that one process at a time holds.
type lock struct {
	name  string // of the file
	other string // who is in the way, and does what to the data folder
}

// serverLock is for a server: what it finds half done in the folder, a crash left behind.
func serverLock() lock { return lock{"server.lock", "another server uses"} }

// keysLock is for who replaces keys: of two at once, one would be lost.
func keysLock() lock { return lock{"keys.lock", "another command replaces keys in"} }
