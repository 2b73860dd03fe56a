package api

import (
	"context"

	"github.com/lexgen-go/lexgen/generated/comatproto"
)

// DescribeServer implements [comatproto.ServerHandler].
func (s *Server) DescribeServer(context.Context) (*comatproto.ServerDescribeServerOutput, error) {
	return &s.Description, nil
}
