package directory

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/lexgen-go/lexgen/runtime/syntax"
	"github.com/lexgen-go/lexgen/server/internal/account"
	"github.com/lexgen-go/lexgen/server/internal/plc"
)

// A Handler shows a directory over HTTP, in the way of the public one: POST /<did>, and
// GET of /<did>, /<did>/data, /<did>/log, /<did>/log/audit, /<did>/log/last and
// /_health. Whoever mounts it below a prefix strips that first. It may be used
// concurrently.
//
// See https://web.plc.directory/api/redoc.
type Handler struct {
	Directory *Directory
	// AllowGenesis lets anybody create identities. Without it, and without a limit of
	// how many, operations are taken only for identities that are there.
	AllowGenesis bool
	// Logger is told of errors that are not the client's.
	Logger *slog.Logger
}

// Media types of answers.
const (
	mediaJSON     = "application/json"
	mediaDocument = "application/did+ld+json"
	mediaText     = "text/plain; charset=utf-8"
)

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	did, rest, deep := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case r.Method == http.MethodPost && !deep:
		h.post(w, r, syntax.DID(did))
	case r.Method == http.MethodPost:
		h.refuse(w, http.StatusNotFound, "Not found")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD, POST")
		h.refuse(w, http.StatusMethodNotAllowed, "Method not allowed")
	case did == "_health" && !deep:
		h.answer(w, mediaJSON, []byte(`{"status":"ok"}`))
	case !plc.ValidDID(syntax.DID(did)):
		h.refuse(w, http.StatusNotFound, "Not found")
	case !deep:
		h.getDocument(w, r, syntax.DID(did))
	default:
		h.get(w, r, syntax.DID(did), rest)
	}
}

// post appends the operation in the body.
func (h *Handler) post(w http.ResponseWriter, r *http.Request, did syntax.DID) {
	operation, err := io.ReadAll(http.MaxBytesReader(w, r.Body, plc.MaxJSON))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		h.refuse(w, http.StatusRequestEntityTooLarge, "Operation too large")
		return
	case err != nil:
		h.refuse(w, http.StatusBadRequest, "The body could not be read")
		return
	}
	if err := h.Directory.submit(r.Context(), did, operation, h.AllowGenesis); err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, mediaText, []byte("OK"))
}

// get answers what is asked for below a DID.
func (h *Handler) get(w http.ResponseWriter, r *http.Request, did syntax.DID, rest string) {
	var value any
	var err error
	switch rest {
	case "data":
		value, err = h.data(r, did)
	case "log":
		value, err = h.operations(r, did)
	case "log/audit":
		value, err = h.audit(r, did)
	case "log/last":
		var last []byte
		last, err = h.Directory.Last(r.Context(), did)
		value = json.RawMessage(last)
	default:
		h.refuse(w, http.StatusNotFound, "Not found")
		return
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	body, err := json.Marshal(value)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, mediaJSON, body)
}

func (h *Handler) getDocument(w http.ResponseWriter, r *http.Request, did syntax.DID) {
	document, err := h.Directory.Document(r.Context(), did)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, mediaDocument, document)
}

func (h *Handler) data(r *http.Request, did syntax.DID) (plc.Data, error) {
	state, err := h.Directory.state(r.Context(), did)
	return state.Data(did), err
}

// operations returns the operations that count.
func (h *Handler) operations(r *http.Request, did syntax.DID) ([]json.RawMessage, error) {
	log, err := h.Directory.Log(r.Context(), did)
	operations := []json.RawMessage{}
	for _, entry := range log {
		if !entry.Nullified {
			operations = append(operations, entry.Operation)
		}
	}
	return operations, err
}

// An auditEntry is an operation with what the directory knows of it.
type auditEntry struct {
	DID       syntax.DID      `json:"did"`
	Operation json.RawMessage `json:"operation"`
	CID       syntax.CID      `json:"cid"`
	Nullified bool            `json:"nullified"`
	CreatedAt syntax.Datetime `json:"createdAt"`
}

func (h *Handler) audit(r *http.Request, did syntax.DID) ([]auditEntry, error) {
	log, err := h.Directory.Log(r.Context(), did)
	entries := make([]auditEntry, len(log))
	for i, e := range log {
		entries[i] = auditEntry{e.DID, e.Operation, e.CID, e.Nullified, syntax.FormatDatetime(e.CreatedAt)}
	}
	return entries, err
}

// fail answers with an error of the directory.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *account.Refusal
	var gone tombstoned
	switch {
	case errors.As(err, &gone):
		h.refuse(w, http.StatusGone, gone.Error())
	case errors.Is(err, account.ErrIdentityNotFound) && errors.As(err, &refusal):
		h.refuse(w, http.StatusNotFound, refusal.Error())
	case errors.Is(err, account.ErrOperationRefused) && errors.As(err, &refusal):
		h.refuse(w, http.StatusBadRequest, refusal.Error())
	default:
		h.Logger.ErrorContext(r.Context(), "directory", "path", r.URL.Path, "err", err)
		h.refuse(w, http.StatusInternalServerError, "Internal Server Error")
	}
}

// refuse answers with a message.
func (h *Handler) refuse(w http.ResponseWriter, status int, message string) {
	body, err := json.Marshal(struct {
		Message string `json:"message"`
	}{message})
	if err != nil {
		panic("directory: a message cannot be written: " + err.Error())
	}
	w.Header().Set("Content-Type", mediaJSON)
	w.WriteHeader(status)
	h.write(w, body)
}

func (h *Handler) answer(w http.ResponseWriter, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	h.write(w, body)
}

// write sends a body to a client that may be gone, which is nobody's concern.
func (*Handler) write(w http.ResponseWriter, body []byte) {
	_, _ = w.Write(body)
}
