package account

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// A place is where a page ends in a list that is ordered by a number and then by a
// name.
type place struct {
	number int64
	name   string
}

// cursor returns the place as text that clients give back for the next page. list names
// the list and its order, so that a cursor of one is not taken for one of another.
func (p place) cursor(list string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%s %d %s", list, p.number, p.name)))
}

// parseCursor returns the place of a cursor, or [ErrInvalidRequest].
func parseCursor(list, cursor string) (place, error) {
	malformed := ErrInvalidRequest.Because("Malformed cursor")
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return place{}, malformed
	}
	parts := strings.Split(string(text), " ")
	if len(parts) != 3 || parts[0] != list || parts[2] == "" {
		return place{}, malformed
	}
	number, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return place{}, malformed
	}
	return place{number, parts[2]}, nil
}

// cutPage cuts a list, of which one item more than limit was asked for, to limit items.
// more says whether there is a next page.
func cutPage[T any](items []T, limit int) (page []T, more bool) {
	if len(items) <= limit {
		return items, false
	}
	return items[:limit], true
}
