package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

// build compiles the server into a folder.
func build(ctx context.Context, folder string) (string, error) {
	binary := filepath.Join(folder, "server")
	command := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/lexgen-go/lexgen/server")
	command.Stderr = os.Stderr
	return binary, command.Run()
}

// A process is a server that runs.
type process struct {
	command *exec.Cmd
	url     string
	startup time.Duration // until it answered
}

// listening begins the line with which a server says where it is.
const listening = "listening on "

// start runs a server that says on its standard output where it listens, and waits until it answers.
func start(ctx context.Context, program string, args ...string) (*process, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command}
	lines := bufio.NewScanner(output)
	for p.url == "" && lines.Scan() {
		p.url, _ = strings.CutPrefix(lines.Text(), listening)
		if p.url == lines.Text() {
			p.url = ""
		}
	}
	if p.url == "" {
		return nil, fmt.Errorf("%s did not start: %w", filepath.Base(program), command.Wait())
	}
	go io.Copy(io.Discard, output)
	response, err := http.Get(p.url + xrpc.PathPrefix + "_health")
	if err != nil {
		p.stop()
		return nil, err
	}
	p.startup = time.Since(begin)
	return p, response.Body.Close()
}

// stop ends the process and waits for that.
func (p *process) stop() {
	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	_ = p.command.Wait()
}

// memory returns a figure of /proc/PID/status in bytes, such as VmRSS, or 0 on systems without it.
func (p *process) memory(name string) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) > 1 && fields[0] == name+":" {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return 0
			}
			return kilobytes << 10
		}
	}
	return 0
}
