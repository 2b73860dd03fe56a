package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The subjects of the mails that bring tokens.
const (
	subjectConfirm = "Email Confirmation"
	subjectUpdate  = "Email Update Requested"
	subjectReset   = "Password Reset Requested"
	subjectDelete  = "Account Deletion Requested"
)

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

// eventually asks until something is so, and returns whether it was in time.
func eventually(t *testing.T, isSo func() bool) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !isSo() {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
	return true
}

var mailedToken = regexp.MustCompile(`(?m)^ +([A-Z2-7]{5}-[A-Z2-7]{5})\r?$`)

// mailedToken returns the token of the newest mail of a subject, for which it waits.
func (s *server) mailedToken(t *testing.T, subject string) string {
	t.Helper()
	must(t, s.service.AnswerResets(t.Context())) // without waiting for the server to do so
	_, err := s.service.DeliverMails(t.Context())
	must(t, err)
	var token string
	came := eventually(t, func() bool {
		paths, err := filepath.Glob(filepath.Join(s.config.data, outboxFolder, "*.eml"))
		must(t, err)
		for _, path := range slices.Backward(paths) { // the newest first
			mail, err := os.ReadFile(path)
			must(t, err)
			if found := mailedToken.FindSubmatch(mail); found != nil && strings.Contains(string(mail), "Subject: "+subject+"\r\n") {
				token = string(found[1])
				return true
			}
		}
		return false
	})
	if !came {
		t.Fatalf("no mail %q came", subject)
	}
	return token
}
