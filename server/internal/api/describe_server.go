package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// DescribeServer implements [comatproto.ServerHandler].
func (h *serverHandler) DescribeServer(context.Context) (*comatproto.ServerDescribeServerOutput, error) {
	return &h.description, nil
}
