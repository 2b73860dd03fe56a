package main

import (
	"net"
	"net/http"
	"sync"
)

// newcomers are the connections whose first request has not been read yet, such as those that
// browsers open in advance. A shutdown need not wait for them. It may be used concurrently.
type newcomers struct {
	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
}

// follow is told of every change of a connection, as [http.Server] does with its ConnState.
func (n *newcomers) follow(conn net.Conn, state http.ConnState) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(n.conns, conn)
	case n.closed:
		conn.Close()
	case n.conns == nil:
		n.conns = map[net.Conn]bool{conn: true}
	default:
		n.conns[conn] = true
	}
}

// close closes them all, and those that are still to come.
func (n *newcomers) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	for conn := range n.conns {
		conn.Close()
	}
}
