package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A request makes the next request of a client. Clients have numbers, and each waits for its answer
// before it asks again. answered gets the body.
type request struct {
	next     func(ctx context.Context, client int) (*http.Request, error)
	answered func(client int, body []byte) error
}

// A result is what a load came to.
type result struct {
	name  string
	times []time.Duration // of all answers, sorted
	took  time.Duration
	err   error // the first
}

// load calls as fast as the clients get their answers.
func load(ctx context.Context, p plan, r request) result {
	transport := &http.Transport{MaxIdleConnsPerHost: p.clients}
	defer transport.CloseIdleConnections()
	caller := &http.Client{Transport: transport, Timeout: time.Minute}
	results := make([]result, p.clients)
	begin := time.Now()
	var clients sync.WaitGroup
	for i := range p.clients {
		clients.Go(func() {
			for time.Since(begin) < p.duration && results[i].err == nil && ctx.Err() == nil {
				asked := time.Now()
				results[i].err = call(ctx, caller, r, i)
				results[i].times = append(results[i].times, time.Since(asked))
			}
			results[i].took = time.Since(begin)
		})
	}
	clients.Wait()
	all := merge(results)
	all.took = time.Since(begin)
	return all
}

// call makes one request and reads the whole answer.
func call(ctx context.Context, caller *http.Client, r request, client int) error {
	asked, err := r.next(ctx, client)
	if err != nil {
		return err
	}
	response, err := caller.Do(asked)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("status %d: %s", response.StatusCode, body)
	case r.answered == nil:
		return nil
	}
	return r.answered(client, body)
}

// merge puts results together that were taken one after the other.
func merge(results []result) result {
	var all result
	for _, r := range results {
		all.times = append(all.times, r.times...)
		all.took += r.took
		if all.err == nil {
			all.err = r.err
		}
	}
	slices.Sort(all.times)
	return all
}

func (r result) named(name string) result {
	r.name = name
	return r
}

func (r result) perSecond() float64 {
	return float64(len(r.times)) / r.took.Seconds()
}

// quantile returns the time within which a share of the requests was answered.
func (r result) quantile(share float64) time.Duration {
	return r.times[int(share*float64(len(r.times)-1))]
}

// String returns the row of the table.
func (r result) String() string {
	return fmt.Sprintf("| %s | %.0f | %s | %s |", r.name, r.perSecond(), short(r.quantile(0.5)), short(r.quantile(0.99)))
}

// short formats a time with three digits or so.
func short(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}
