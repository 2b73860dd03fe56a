package account

import (
	"cmp"
	_ "embed" // for the templates
	"encoding/json"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
)

// A letter is what a mail to the owner of an account says.
type letter struct {
	kind    string // of the mail; the subject if it is empty, which must then be one of ours
	subject string
	heading string   // of the HTML form
	lead    []string // paragraphs in front of the code
	code    string   // a token to copy, or empty
	rest    []string // paragraphs after it
}

// letterPage is what the templates of a letter see.
type letterPage struct {
	Heading string
	Handle  string
	Lead    []string
	Code    string
	Rest    []string
	Host    string
}

// The two forms of a letter. The code stands alone in its element and on its line, to be
// found by people and by programs.
var (
	//go:embed letter.txt.tmpl
	letterTextSource string
	//go:embed letter.html.tmpl
	letterHTMLSource string

	letterText = texttemplate.Must(texttemplate.New("letter").Parse(letterTextSource))
	letterHTML = htmltemplate.Must(htmltemplate.New("letter").Parse(letterHTMLSource))
)

// newMail seals a letter to the owner of an account, to be queued. The account must have
// an address.
func (s *Service) newMail(to Account, l letter) (QueuedMail, error) {
	mail, err := l.to(to, s.Policy.Hostname)
	if err != nil {
		return QueuedMail{}, err
	}
	plain, err := json.Marshal(mail)
	if err != nil {
		return QueuedMail{}, fmt.Errorf("encode mail: %w", err)
	}
	id, err := newID(s.Rand)
	if err != nil {
		return QueuedMail{}, err
	}
	sealed, err := s.Sealer.Seal(MailPurpose(id), plain)
	if err != nil {
		return QueuedMail{}, fmt.Errorf("seal mail: %w", err)
	}
	return QueuedMail{ID: id, DID: to.DID, Sealed: sealed, Due: s.Now()}, nil
}

// to returns the letter as a mail to an account from a host.
func (l letter) to(account Account, host string) (Mail, error) {
	page := letterPage{
		Heading: l.heading,
		Handle:  string(account.PublicHandle()),
		Lead:    l.lead,
		Code:    l.code,
		Rest:    l.rest,
		Host:    host,
	}
	var text, html strings.Builder
	if err := letterText.Execute(&text, page); err != nil {
		return Mail{}, fmt.Errorf("write letter as text: %w", err)
	}
	if err := letterHTML.Execute(&html, page); err != nil {
		return Mail{}, fmt.Errorf("write letter as HTML: %w", err)
	}
	return Mail{Kind: cmp.Or(l.kind, l.subject), To: account.Email, Subject: l.subject, Text: text.String(), HTML: html.String()}, nil
}
