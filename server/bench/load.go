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

// A task is what a client does once, and waits for.
type task func(ctx context.Context, client int) error

// task returns the task to make the next request of a client.
func (r request) task(p plan) task {
	caller := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: p.clients}, Timeout: time.Minute}
	return func(ctx context.Context, client int) error { return call(ctx, caller, r, client) }
}

// A result is what a load came to.
type result struct {
	times []time.Duration // of all answers, sorted
	took  time.Duration
	err   error // the first
}

// load lets the clients do a task, each as often as it gets done.
func load(ctx context.Context, p plan, do task) result {
	results := make([]result, p.clients)
	begin := time.Now()
	var clients sync.WaitGroup
	for i := range p.clients {
		clients.Go(func() {
			for time.Since(begin) < p.duration && results[i].err == nil {
				asked := time.Now()
				results[i].err = do(ctx, i)
				results[i].times = append(results[i].times, time.Since(asked))
			}
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

func (r result) perSecond() float64 {
	return float64(len(r.times)) / r.took.Seconds()
}

// quantile returns the time within which a share of the requests was answered.
func (r result) quantile(share float64) time.Duration {
	return r.times[int(share*float64(len(r.times)-1))]
}

// short formats a time with three digits or so.
func short(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}
