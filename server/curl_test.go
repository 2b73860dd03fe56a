package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// standInName is the name under which this test binary behaves as curl does, as far as the tour of
// README.md goes: `make test` needs Go alone.
const standInName = "curl"

// installStandIn puts the stand-in for curl into a folder of its own and returns the folder.
func installStandIn(t *testing.T) string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(binary, filepath.Join(folder, standInName)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// isStandIn reports whether this process is to be curl.
func isStandIn() bool { return filepath.Base(os.Args[0]) == standInName }

// runStandIn does one request and returns the exit status.
func runStandIn(args []string, stdout, stderr io.Writer) int {
	flags := pflag.NewFlagSet(standInName, pflag.ContinueOnError)
	flags.BoolP("silent", "s", false, "")
	headers := flags.StringArrayP("header", "H", nil, "")
	body := flags.StringP("data", "d", "", "")
	verb := flags.StringP("request", "X", "", "")
	format := flags.StringP("write-out", "w", "", "")
	err := flags.Parse(args)
	if err == nil {
		err = standIn(flags.Arg(0), *verb, *body, *format, *headers, stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func standIn(url, verb, body, format string, headers []string, stdout io.Writer) error {
	if verb == "" {
		verb = http.MethodGet
		if body != "" {
			verb = http.MethodPost
		}
	}
	request, err := http.NewRequest(verb, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Add(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(stdout, response.Body); err != nil {
		return err
	}
	end := strings.NewReplacer(`%{http_code}`, fmt.Sprint(response.StatusCode), `\n`, "\n")
	_, err = end.WriteString(stdout, format)
	return err
}
