package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// scrape returns what Prometheus is told of the server itself: the samples whose names begin with
// lexgen_, without the times that requests took.
func scrape(t *testing.T, s *server) []string {
	t.Helper()
	res, body := get(t, "http://"+s.others[len(s.others)-1].Addr().String()+metricsPath)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("scrape: got %d %s", res.StatusCode, body)
	}
	var samples []string
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "lexgen_") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum{") {
			samples = append(samples, strings.TrimSpace(line))
		}
	}
	wantContains(t, "samples of the process", body, "go_goroutines ", "process_cpu_seconds_total ")
	return samples
}

// The series have the names that dashboards know, and count what happened.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir(), "--metrics-listen", "127.0.0.1:0")
	created, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	for range 2 {
		_, err = client(s.url, created.AccessJWT).GetSession(t.Context())
		must(t, err)
	}
	_, err = client(s.url, "no token").GetSession(t.Context())
	if err == nil {
		t.Error("a wrong token is accepted")
	}
	_, err = client(s.url, "").CreateSession(t.Context(), &comatproto.ServerCreateSessionInput{Identifier: aliceEmail, Password: "wrong"})
	if err == nil {
		t.Error("a wrong password is accepted")
	}
	get(t, s.url+healthPath)
	// A request is counted when it has been answered, which its client may learn sooner.
	want := []string{
		`lexgen_accounts{status="active"} 1`,
		`lexgen_accounts{status="deactivated"} 0`,
		`lexgen_accounts{status="takendown"} 0`,
		`lexgen_mails_total{outcome="given_up"} 0`,
		`lexgen_mails_total{outcome="postponed"} 0`,
		`lexgen_mails_total{outcome="sent"} 0`,
		`lexgen_outbox_mails 0`,
		`lexgen_refusals_total{error="AuthenticationRequired",method="com.atproto.server.createSession"} 1`,
		`lexgen_refusals_total{error="InvalidToken",method="com.atproto.server.getSession"} 1`,
		`lexgen_request_duration_seconds_count{method="_health"} 1`,
		`lexgen_request_duration_seconds_count{method="com.atproto.server.createAccount"} 1`,
		`lexgen_request_duration_seconds_count{method="com.atproto.server.createSession"} 1`,
		`lexgen_request_duration_seconds_count{method="com.atproto.server.getSession"} 3`,
		`lexgen_requests_total{method="_health",status="200"} 1`,
		`lexgen_requests_total{method="com.atproto.server.createAccount",status="200"} 1`,
		`lexgen_requests_total{method="com.atproto.server.createSession",status="401"} 1`,
		`lexgen_requests_total{method="com.atproto.server.getSession",status="200"} 2`,
		`lexgen_requests_total{method="com.atproto.server.getSession",status="400"} 1`,
		`lexgen_sessions 1`,
	}
	var got []string
	if !eventually(t, func() bool {
		got = scrape(t, s)
		return slices.Equal(got, want)
	}) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if res, _ := get(t, s.url+metricsPath); res.StatusCode != http.StatusNotFound {
		t.Errorf("metrics on the public address: got %d", res.StatusCode)
	}
	wantContains(t, "greeting", s.log.String(), "metrics on http://"+s.others[0].Addr().String()+metricsPath+"\n")
}

// Whatever strangers ask for, they make up no series.
func TestMetricsOfStrangers(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir(), "--metrics-listen", "127.0.0.1:0")
	for _, path := range []string{
		"/stranger", "/stranger?stranger", xrpc.PathPrefix + "app.stranger.get", xrpc.PathPrefix + "stranger",
		xrpc.PathPrefix + comatproto.ServerGetSessionNSID + "/stranger", directoryPath + "/did:plc:stranger",
		xrpc.PathPrefix + comatproto.ServerDescribeServerNSID + "?stranger=1",
	} {
		r, err := http.NewRequestWithContext(t.Context(), "STRANGER", s.url+path, http.NoBody)
		must(t, err)
		r.Header.Set("User-Agent", "stranger")
		do(t, r)
		get(t, s.url+path)
	}
	known := regexp.MustCompile(`^lexgen_request[a-z_]*\{method="(other|` + comatproto.ServerDescribeServerNSID + `)"(,status="\d\d\d")?\} `)
	for _, sample := range scrape(t, s) {
		if strings.HasPrefix(sample, "lexgen_request") && !known.MatchString(sample) || strings.Contains(strings.ToLower(sample), "stranger") {
			t.Errorf("got %s", sample)
		}
	}
}

// A database that cannot be read takes only its own samples with it.
func TestMetricsWithoutDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := startServer(t, folder, "--metrics-listen", "127.0.0.1:0")
	execute(t, filepath.Join(folder, sqlite.FileName), "DROP TABLE outbox")
	get(t, s.url+healthPath)
	var samples string
	if !eventually(t, func() bool {
		samples = strings.Join(scrape(t, s), "\n")
		return strings.Contains(samples, `lexgen_requests_total{method="_health",status="200"} 1`)
	}) || strings.Contains(samples, "lexgen_accounts") {
		t.Errorf("got %s", samples)
	}
	wantContains(t, "log", s.log.String(), "level=ERROR", "no such table")
}

// The methods of the administrator are served on their own address alone, if they have one.
func TestAdminListen(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir(), "--admin-listen", "127.0.0.1:0")
	address := "http://" + s.others[0].Addr().String()
	order := &comatproto.ServerCreateInviteCodeInput{UseCount: 1}
	if _, err := (comatproto.ServerClient{Client: admin(address)}).CreateInviteCode(t.Context(), order); err != nil {
		t.Errorf("createInviteCode: %v", err)
	}
	for _, test := range []struct{ verb, nsid string }{
		{"POST", comatproto.ServerCreateInviteCodeNSID},
		{"POST", comatproto.ServerCreateInviteCodesNSID},
		{"POST", comatproto.AccountCreateInviteCodeNSID},
		{"POST", comatproto.AdminDeleteAccountNSID},
		{"POST", comatproto.AdminUpdateAccountPasswordNSID},
		{"POST", comatproto.AdminUpdateSubjectStatusNSID},
		{"GET", comatproto.AdminGetInviteCodesNSID},
	} {
		for url, status := range map[string]int{s.url: http.StatusNotImplemented, address: http.StatusUnauthorized} {
			r, err := http.NewRequestWithContext(t.Context(), test.verb, url+xrpc.PathPrefix+test.nsid, http.NoBody)
			must(t, err)
			if res, body := do(t, r); res.StatusCode != status {
				t.Errorf("%s at %s: got %d %s, want %d", test.nsid, url, res.StatusCode, body, status)
			}
		}
	}
	for _, url := range []string{s.url, address} {
		if _, err := client(url, "").DescribeServer(t.Context()); err != nil {
			t.Errorf("describeServer at %s: %v", url, err)
		}
	}
	wantContains(t, "greeting", s.log.String(), "administration on "+address+"\n")
}

// An address that is taken is noticed before anything is created.
func TestOtherPortInUse(t *testing.T) {
	t.Parallel()
	s := startServer(t, t.TempDir())
	address := s.listener.Addr().String()
	data := filepath.Join(t.TempDir(), "data")
	for _, flag := range []string{"--admin-listen", "--metrics-listen"} {
		var stdout, stderr strings.Builder
		environment := env(map[string]string{"LEXGEN_ADMIN_PASSWORD": adminPassword})
		if got := run(t.Context(), []string{"--listen", "127.0.0.1:0", flag, address, "--data", data}, environment, &stdout, &stderr); got != exitFailed {
			t.Errorf("%s: got exit status %d", flag, got)
		}
		wantContains(t, "standard error", stderr.String(), address, "address already in use")
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the data folder was created")
	}
}

// A mail server that takes no mail at the moment is tried again later, and the log tells without telling
// whose mail waits.
func TestMailServerRefuses(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for connection, err := listener.Accept(); err == nil; connection, err = listener.Accept() {
			_, _ = io.WriteString(connection, "421 not now\r\n")
			connection.Close()
		}
	}()
	folder := t.TempDir()
	s := startServerIn(t, folder, map[string]string{"LEXGEN_SMTP_URL": "smtp://" + listener.Addr().String()}, "--metrics-listen", "127.0.0.1:0")
	created, err := client(s.url, "").CreateAccount(t.Context(), aSignup())
	must(t, err)
	must(t, client(s.url, "").RequestPasswordReset(t.Context(), &comatproto.ServerRequestPasswordResetInput{Email: aliceEmail}))
	s.background.deliver(t.Context())
	var samples string
	if !eventually(t, func() bool {
		samples = strings.Join(scrape(t, s), "\n")
		return strings.Contains(samples, `lexgen_mails_total{outcome="postponed"} 1`)
	}) {
		t.Error("the mail is not counted")
	}
	wantContains(t, "samples", samples, "lexgen_outbox_mails 1", `lexgen_mails_total{outcome="sent"} 0`)
	if !eventually(t, func() bool { return strings.Contains(s.log.String(), "mails were not sent") }) || strings.Contains(s.log.String(), aliceEmail) {
		t.Errorf("log: got %s", s.log.String())
	}
	wantContains(t, "log", s.log.String(), "(Password Reset Requested) for "+string(created.DID)+", failure 1, tried again at ")
	if _, err := os.Stat(filepath.Join(folder, outboxFolder)); err == nil {
		t.Error("there is a folder for mails")
	}
}
