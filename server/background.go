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

// background sends mails and keeps house until it is stopped.
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

func (b *background) deliver(ctx context.Context) {
	delivery, err := b.service.DeliverMails(ctx)
	b.metrics.mailed(delivery)
	if err != nil && ctx.Err() == nil {
		b.logger.Error("mails were not sent", "error", err)
	}
}

func (b *background) housekeep(ctx context.Context) {
	if err := b.service.Housekeep(ctx); err != nil && ctx.Err() == nil {
		b.logger.Error("housekeeping failed", "error", err)
	}
}
