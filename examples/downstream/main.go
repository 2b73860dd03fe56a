// Downstream is a module of its own, with lexicons of its own that refer to com.atproto: it generates
// code for com.example alone, and imports what this project has generated for com.atproto.
//
//	go generate
//	go run .
//	curl http://localhost:8080/xrpc/com.example.club.listInvitations
package main

import (
	"context"
	"log"
	"net/http"
	"slices"

	"github.com/lexgen-go/lexgen/examples/downstream/internal/lex"
	"github.com/lexgen-go/lexgen/generated/comatproto"
	"github.com/lexgen-go/lexgen/runtime/xrpc"
)

//go:generate go tool lexgen

// club answers endpoints of two groups: com.example.club, which is its own, and com.atproto.server. The
// embedded stub answers the others of com.atproto.server with status 501.
type club struct {
	comatproto.UnimplementedServerHandler

	invitations []lex.ClubInvitation
}

// ListInvitations answers com.example.club.listInvitations.
func (c club) ListInvitations(_ context.Context, params *lex.ClubListInvitationsParams) (*lex.ClubListInvitationsOutput, error) {
	n := min(len(c.invitations), int(params.Limit.Or(50)))
	return &lex.ClubListInvitationsOutput{Invitations: c.invitations[:n], Latest: c.latest()}, nil
}

// latest returns the last use of the last invitation, or the invitation if nobody has used it. One is
// a type of com.atproto, the other one of com.example.
func (c club) latest() lex.ClubListInvitationsOutputLatestUnion {
	if len(c.invitations) == 0 {
		return lex.ClubListInvitationsOutputLatestUnion{}
	}
	last := &c.invitations[len(c.invitations)-1]
	if uses := last.Invite.Uses; len(uses) > 0 {
		return lex.NewClubListInvitationsOutputLatestUnion(&uses[len(uses)-1])
	}
	return lex.NewClubListInvitationsOutputLatestUnion(last)
}

// DescribeServer answers com.atproto.server.describeServer.
func (club) DescribeServer(context.Context) (*comatproto.ServerDescribeServerOutput, error) {
	return &comatproto.ServerDescribeServerOutput{DID: "did:web:club.example", AvailableUserDomains: []string{".club.example"}}, nil
}

// newHandler serves the endpoints of both groups.
func newHandler(c club) http.Handler {
	return xrpc.NewHandler(slices.Concat(lex.ClubEndpoints(c), comatproto.ServerEndpoints(c)))
}

// sample is what the club has to tell.
func sample() club {
	return club{invitations: []lex.ClubInvitation{{
		Message:   "Come and play with us.",
		CreatedAt: "2026-01-02T03:04:05Z",
		Invite: comatproto.ServerInviteCode{
			Code: "club-1", Available: 1, ForAccount: "club", CreatedBy: "club", CreatedAt: "2026-01-02T03:04:05Z",
			Uses: []comatproto.ServerInviteCodeUse{{UsedBy: "did:web:guest.example", UsedAt: "2026-01-03T03:04:05Z"}},
		},
	}}}
}

func main() {
	log.Fatal(http.ListenAndServe("localhost:8080", newHandler(sample())))
}
