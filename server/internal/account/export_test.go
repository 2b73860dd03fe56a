package account

import "context"

// AnswerResets is what DeliverMails does before it sends mails.
func (s *Service) AnswerResets(ctx context.Context) error {
	return s.answerResets(ctx)
}
