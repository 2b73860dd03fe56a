package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/lexgen-go/lexgen/server/internal/account"
)

// How often what needs no request is done.
const (
	mailInterval         = time.Second
	housekeepingInterval = time.Minute
)

// background answers requests for resets, sends mails and keeps house until it is stopped.
type background struct {
	service *account.Service
	logger  *slog.Logger
	metrics *metrics
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// start begins the work, which goes on when ctx ends: the last requests still queue mails.
func (b *background) start(ctx context.Context) {
	ctx, b.stop = context.WithCancel(context.WithoutCancel(ctx))
	b.done.Go(func() { repeat(ctx, mailInterval, b.answerResets) })
	b.done.Go(func() { repeat(ctx, mailInterval, b.deliver) })
	b.done.Go(func() { repeat(ctx, housekeepingInterval, b.housekeep) })
}

// wait stops the work and returns when the last of it is done.
func (b *background) wait() {
	if b.stop != nil {
		b.stop()
		b.done.Wait()
	}
}

// repeat calls f now and after every interval until ctx ends.
func repeat(ctx context.Context, interval time.Duration, f func(ctx context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		f(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (b *background) answerResets(ctx context.Context) {
	if err := b.service.AnswerResets(ctx); err != nil && ctx.Err() == nil {
		b.logger.Error("requests for resets were not answered", "error", err)
	}
}

func (b *background) deliver(ctx context.Context) {
	delivery, err := b.service.DeliverMails(ctx)
	b.metrics.mailed(delivery)
	if ctx.Err() != nil {
		return
	}
	for _, err := range split(err) {
		b.logger.Error("mails were not sent", "error", err)
	}
}

// split returns the errors that [errors.Join] has made one of, so that each gets a line of the log.
func split(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case !ok:
		return []error{err}
	}
	var all []error
	for _, err := range joined.Unwrap() {
		all = append(all, split(err)...)
	}
	return all
}

func (b *background) housekeep(ctx context.Context) {
	if err := b.service.Housekeep(ctx); err != nil && ctx.Err() == nil {
		b.logger.Error("housekeeping failed", "error", err)
	}
}
