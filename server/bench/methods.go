package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A session is what a client goes on with.
type session struct {
	AccessJWT  string `json:"accessJwt"`
	RefreshJWT string `json:"refreshJwt"`
}

// login opens a session for each client.
func login(ctx context.Context, url string, clients int) ([]session, error) {
	caller := &http.Client{Timeout: time.Minute}
	sessions := make([]session, clients)
	opened := createSession(url)
	opened.answered = func(client int, body []byte) error { return json.Unmarshal(body, &sessions[client]) }
	for i := range sessions {
		if err := call(ctx, caller, opened, i); err != nil {
			return nil, fmt.Errorf("log in: %w", err)
		}
	}
	return sessions, nil
}

func describeServer(url string) request {
	return request{next: func(ctx context.Context, _ int) (*http.Request, error) {
		return newRequest(ctx, http.MethodGet, url, comatproto.ServerDescribeServerNSID, "", nil)
	}}
}

func getSession(url string, sessions []session) request {
	return request{next: func(ctx context.Context, client int) (*http.Request, error) {
		return newRequest(ctx, http.MethodGet, url, comatproto.ServerGetSessionNSID, sessions[client].AccessJWT, nil)
	}}
}

func refreshSession(url string, sessions []session) request {
	return request{
		next: func(ctx context.Context, client int) (*http.Request, error) {
			return newRequest(ctx, http.MethodPost, url, comatproto.ServerRefreshSessionNSID, sessions[client].RefreshJWT, nil)
		},
		answered: func(client int, body []byte) error { return json.Unmarshal(body, &sessions[client]) },
	}
}

// refreshNothing is refreshSession for a server that answers with nothing.
func refreshNothing(url string, sessions []session) request {
	refresh := refreshSession(url, sessions)
	refresh.answered = nil
	return refresh
}

func createSession(url string) request {
	return request{next: func(ctx context.Context, client int) (*http.Request, error) {
		return newRequest(ctx, http.MethodPost, url, comatproto.ServerCreateSessionNSID, "",
			map[string]string{"identifier": string(handleOf(client)), "password": password})
	}}
}

func createAccount(url string) request {
	var created atomic.Int64
	return request{next: func(ctx context.Context, _ int) (*http.Request, error) {
		name := fmt.Sprintf("new-%d", created.Add(1))
		return newRequest(ctx, http.MethodPost, url, comatproto.ServerCreateAccountNSID, "",
			map[string]string{"handle": name + ".test", "email": name + "@example.com", "password": password})
	}}
}

// newRequest returns a call of a method, with a token and a body if there are any.
func newRequest(ctx context.Context, verb, url string, method syntax.NSID, token string, input map[string]string) (*http.Request, error) {
	var body bytes.Buffer
	if input != nil {
		if err := json.NewEncoder(&body).Encode(input); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, verb, url+xrpc.PathPrefix+string(method), &body)
	if err != nil {
		return nil, err
	}
	if input != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}
