package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// A request that takes longer than a shutdown waits is cut off. That is no failure of the server.
func TestShutdownDeadline(t *testing.T) {
	t.Parallel()
	p, log, stop := startImpatient(t, time.Millisecond)
	connection := dial(t, p)
	fmt.Fprintf(connection, "POST %s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
		xrpc.PathPrefix, comatproto.ServerCreateSessionNSID)
	response := bufio.NewReader(connection)
	line, err := response.ReadString('\n')
	must(t, err)
	wantContains(t, "first line", line, "100 Continue") // so the request is under way
	if err := stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
	wantContains(t, "log", log.String(), "level=WARN", "cut off by the shutdown")
}

// Connections over which nothing was asked do not delay a shutdown.
func TestShutdownWithSilentConnections(t *testing.T) {
	t.Parallel()
	p, log, stop := startImpatient(t, shutdownTimeout)
	dial(t, p)
	get(t, "http://"+p.listener.Addr().String()+healthPath) // the server has taken the one before, too
	start := time.Now()
	if err := stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
	// net/http gives them five seconds.
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("the shutdown took %s; log: %s", took, log.String())
	}
}

// startImpatient runs a server that waits for requests under way as long as it is told. What stop
// returns is the error of Run.
func startImpatient(t *testing.T, patience time.Duration) (p *program, log *logbook, stop func() error) {
	t.Helper()
	c, err := parseConfig([]string{"--listen", "127.0.0.1:0", "--data", t.TempDir()}, noEnv)
	must(t, err)
	log = &logbook{}
	p, err = newProgram(t.Context(), c, log)
	must(t, err)
	p.patience = patience
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx, log) }()
	t.Cleanup(func() { must(t, p.Close()) })
	return p, log, func() error {
		cancel()
		return <-ended
	}
}

// dial opens a connection that lasts as long as the test.
func dial(t *testing.T, p *program) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", p.listener.Addr().String())
	must(t, err)
	t.Cleanup(func() { connection.Close() })
	return connection
}
