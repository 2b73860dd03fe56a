package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/lexgen-go/lexgen/runtime/xrpc"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/sqlite"
)

// metrics counts what the server does, in the way of https://prometheus.io/docs/practices/naming/. It
// may be used concurrently.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	refusals *prometheus.CounterVec
	mails    *prometheus.CounterVec
}

// newMetrics returns metrics in which nothing was counted yet.
func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lexgen_requests_total",
			Help: "Requests answered, by method of the lexicons and status.",
		}, []string{"method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "lexgen_request_duration_seconds",
			Help:    "Time from a request to its answer, by method of the lexicons.",
			Buckets: prometheus.DefBuckets,
		}, []string{"method"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lexgen_refusals_total",
			Help: "Calls that were refused or failed, by method of the lexicons and error name.",
		}, []string{"method", "error"}),
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lexgen_mails_total",
			Help: "Mails, by what became of the attempt to send them.",
		}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.refusals, m.mails,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// metricsPath is where scrapes ask.
const metricsPath = "/metrics"

// handler answers scrapes, also with what is left when the database cannot be read.
func (m *metrics) handler(logger *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:      slog.NewLogLogger(logger.Handler(), slog.LevelError),
		ErrorHandling: promhttp.ContinueOnError,
	})
}

// otherMethod stands for every path that is no method of the server: strangers must not be able to
// make up series.
const otherMethod = "other"

// answered counts a request.
func (m *metrics) answered(method string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(method).Observe(took.Seconds())
}

// refused counts a call that ended with an error, if it did. The names of errors are the server's own:
// callers cannot make them up.
func (m *metrics) refused(endpoint *xrpc.Endpoint, err error) {
	if err == nil {
		return
	}
	name := xrpc.ErrInternalServerError
	var answer *xrpc.Error
	if errors.As(err, &answer) {
		name = answer.Name
	}
	m.refusals.WithLabelValues(string(endpoint.NSID), string(name)).Inc()
}

// watchAuthentication counts the callers that are refused.
func (m *metrics) watchAuthentication(authenticate xrpc.Authenticator) xrpc.Authenticator {
	return func(r *http.Request, endpoint *xrpc.Endpoint) (any, error) {
		caller, err := authenticate(r, endpoint)
		m.refused(endpoint, err)
		return caller, err
	}
}

// watchAdmission counts the calls that are too many.
func (m *metrics) watchAdmission(admit xrpc.Admission) xrpc.Admission {
	return func(ctx context.Context, call *xrpc.Call) error {
		err := admit(ctx, call)
		m.refused(call.Endpoint, err)
		return err
	}
}

// watchCalls counts the calls that the service refuses, logins with a wrong password among them.
func (m *metrics) watchCalls(next xrpc.InvokeFunc) xrpc.InvokeFunc {
	return func(ctx context.Context, call *xrpc.Call) (any, error) {
		output, err := next(ctx, call)
		m.refused(call.Endpoint, err)
		return output, err
	}
}

// mailed counts what became of mails.
func (m *metrics) mailed(d account.Delivery) {
	m.mails.WithLabelValues("sent").Add(float64(d.Sent))
	m.mails.WithLabelValues("postponed").Add(float64(d.Postponed))
	m.mails.WithLabelValues("given_up").Add(float64(d.GivenUp))
}

// watch adds what is counted in the database when it is asked for.
func (m *metrics) watch(counts func(ctx context.Context) (sqlite.Counts, error)) {
	m.registry.MustRegister(&stock{
		counts:   counts,
		accounts: prometheus.NewDesc("lexgen_accounts", "Accounts, by status.", []string{"status"}, nil),
		sessions: prometheus.NewDesc("lexgen_sessions", "Sessions that are kept.", nil, nil),
		mails:    prometheus.NewDesc("lexgen_outbox_mails", "Mails that wait to be sent.", nil, nil),
	})
}

// A stock collects numbers from the database.
type stock struct {
	counts                    func(ctx context.Context) (sqlite.Counts, error)
	accounts, sessions, mails *prometheus.Desc
}

// countTimeout bounds how long a scrape waits for the database.
const countTimeout = 5 * time.Second

// Describe implements [prometheus.Collector].
func (s *stock) Describe(descs chan<- *prometheus.Desc) {
	descs <- s.accounts
	descs <- s.sessions
	descs <- s.mails
}

// Collect implements [prometheus.Collector].
func (s *stock) Collect(collected chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
	defer cancel()
	counts, err := s.counts(ctx)
	if err != nil {
		collected <- prometheus.NewInvalidMetric(s.accounts, err)
		return
	}
	gauge := func(desc *prometheus.Desc, count int, labels ...string) {
		collected <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(count), labels...)
	}
	gauge(s.accounts, counts.Active, string(account.StatusActive))
	gauge(s.accounts, counts.Deactivated, string(account.StatusDeactivated))
	gauge(s.accounts, counts.Takendown, string(account.StatusTakendown))
	gauge(s.sessions, counts.Sessions)
	gauge(s.mails, counts.Mails)
}

// methodLabels returns the paths of the methods with the labels under which they are counted.
func methodLabels(endpoints []xrpc.Endpoint) map[string]string {
	labels := map[string]string{healthPath: "_health"}
	for _, endpoint := range endpoints {
		labels[xrpc.PathPrefix+string(endpoint.NSID)] = string(endpoint.NSID)
	}
	return labels
}
