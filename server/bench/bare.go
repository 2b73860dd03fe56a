package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	_ "modernc.org/sqlite" // registers the driver

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/keys"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// serveBare serves, on a port of its own until ctx ends, handlers that do the least that a method could
// do: they verify the token, and read one row for getSession or commit one for refreshSession.
func serveBare(ctx context.Context, data string) error {
	secret, err := tokenSecret(data)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, sqlite.FileName)+"?_query_only=on")
	if err != nil {
		return err
	}
	defer db.Close()
	row, err := db.PrepareContext(ctx, "SELECT handle, email FROM account WHERE did = ?")
	if err != nil {
		return err
	}
	bare, commit, err := openBareCommit(ctx, data, "bare-handler.sqlite")
	if err != nil {
		return err
	}
	defer bare.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("%shttp://%s\n", listening, listener.Addr())
	handler := http.NewServeMux()
	handler.Handle(xrpc.PathPrefix+string(comatproto.ServerGetSessionNSID), verifying(secret, reading(row)))
	handler.Handle(xrpc.PathPrefix+string(comatproto.ServerRefreshSessionNSID), verifying(secret, committing(commit)))
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { server.Close() })
	return server.Serve(listener)
}

// tokenSecret returns the secret that the server signs tokens with.
func tokenSecret(data string) ([]byte, error) {
	master, err := keys.LoadMasterKey(data)
	if err != nil {
		return nil, err
	}
	vault, err := keys.NewVault(data, master, rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := vault.Load(keys.TokenKeyring)
	if err != nil {
		return nil, err
	}
	var keyring struct {
		Keys []struct {
			Secret []byte `json:"secret"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(encoded, &keyring); err != nil || len(keyring.Keys) == 0 {
		return nil, fmt.Errorf("read the keyring: %w", err)
	}
	return keyring.Keys[len(keyring.Keys)-1].Secret, nil
}

// A verified is called with the DID that a token is for.
type verified func(w http.ResponseWriter, r *http.Request, did string)

// verifying verifies the token of a request.
func verifying(secret []byte, next verified) http.HandlerFunc {
	keyOf := func(*jwt.Token) (any, error) { return secret, nil }
	return func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		var claims jwt.RegisteredClaims
		if _, err := jwt.ParseWithClaims(token, &claims, keyOf, jwt.WithValidMethods([]string{"HS256"})); err != nil {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next(w, r, claims.Subject)
	}
}

// reading reads the row of an account and answers with it.
func reading(row *sql.Stmt) verified {
	return func(w http.ResponseWriter, r *http.Request, did string) {
		answer := struct {
			Handle string `json:"handle"`
			DID    string `json:"did"`
			Email  string `json:"email"`
		}{DID: did}
		if err := row.QueryRowContext(r.Context(), did).Scan(&answer.Handle, &answer.Email); err != nil {
			http.Error(w, "nobody", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // the client may have gone
	}
}

// committing commits a row and answers with nothing.
func committing(commit task) verified {
	return func(w http.ResponseWriter, r *http.Request, _ string) {
		if err := commit(r.Context(), 0 /* who asks is all the same */); err != nil {
			http.Error(w, "not written", http.StatusInternalServerError)
		}
	}
}
