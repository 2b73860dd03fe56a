package syntax

import "time"

const (
	dateTimeLength    = len("2006-01-02T15:04:05")
	maxDatetimeLength = 64
	maxYear           = 9999
	minutesPerDay     = 24 * 60
	notDateTime       = "does not start with a date and time like 2006-01-02T15:04:05"
)

// A Datetime is a point in time as text, such as 2026-01-31T23:59:59.123Z. It
// keeps the text it was made from: formatting the parsed time again may give
// another one, and with it another hash of the record that holds it.
//
// The syntax is the common part of RFC 3339, ISO 8601 and the WHATWG HTML
// standard: year to second, optionally a fraction of any length, and "Z" or an
// offset other than -00:00. The date must exist, there are no leap seconds, and
// in UTC the year must be from 0000 to 9999. It is at most 64 bytes long.
//
// See https://atproto.com/specs/lexicon#datetime.
type Datetime string

// ParseDatetime returns s as a Datetime. The error, if any, is an [*Error].
func ParseDatetime(s string) (Datetime, error) {
	return parse[Datetime](DatetimeFormat, s, checkDatetime)
}

// FormatDatetime returns t in the form recommended for new data: in UTC, cut to
// milliseconds, with a Z. The result is valid if the year of t in UTC is from 0
// to 9999.
func FormatDatetime(t time.Time) Datetime {
	return Datetime(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// Valid reports whether d has the syntax of a datetime and exists.
func (d Datetime) Valid() bool {
	return checkDatetime(string(d)) == ""
}

// ValidLenient reports whether d is valid when the offset may also be missing,
// -00:00, +0000 or -0000, which all mean UTC.
func (d Datetime) ValidLenient() bool {
	_, problem := parseMoment(string(d), true /* lenient */)
	return problem == ""
}

// String returns the text of d.
func (d Datetime) String() string {
	return string(d)
}

// Time returns the point in time in UTC, cut to nanoseconds. It reads all that
// [Datetime.ValidLenient] accepts; for anything else the error is an [*Error].
func (d Datetime) Time() (time.Time, error) {
	m, problem := parseMoment(string(d), true /* lenient */)
	if problem != "" {
		return time.Time{}, &Error{Format: DatetimeFormat, Problem: problem}
	}
	return time.Date(m.year, time.Month(m.month), m.day, 0, m.minute, m.second, m.nanosecond, time.UTC), nil
}

func checkDatetime(s string) string {
	_, problem := parseMoment(s, false /* lenient */)
	return problem
}

// A moment is the parsed text of a datetime.
type moment struct {
	year, month, day int // the local date
	minute           int // of that day in UTC, so it may lie up to a day before or after it
	second           int
	nanosecond       int
}

func parseMoment(s string, lenient bool) (m moment, problem string) {
	switch {
	case s == "":
		return m, isEmpty
	case len(s) > maxDatetimeLength:
		return m, "is longer than 64 bytes"
	case len(s) < dateTimeLength || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':':
		return m, notDateTime
	}
	century, year := pair(s[0:2]), pair(s[2:4])
	hour, minute := pair(s[11:13]), pair(s[14:16])
	m = moment{year: century*100 + year, month: pair(s[5:7]), day: pair(s[8:10]), second: pair(s[17:19])}
	if century|year|m.month|m.day|hour|minute|m.second < 0 {
		return m, notDateTime
	}
	switch {
	case m.month < 1 || m.month > 12:
		return m, "has a month that does not exist"
	case m.day < 1 || m.day > daysIn(m.year, m.month):
		return m, "has a day that does not exist"
	case hour > 23:
		return m, "has an hour above 23"
	case minute > 59:
		return m, "has a minute above 59"
	case m.second > 59:
		return m, "has a second above 59"
	}
	nanosecond, zone, problem := parseFraction(s[dateTimeLength:])
	if problem != "" {
		return m, problem
	}
	offset, problem := parseOffset(zone, lenient)
	if problem != "" {
		return m, problem
	}
	m.minute, m.nanosecond = hour*60+minute-offset, nanosecond
	return m, m.checkYear()
}

// checkYear checks that the year is still from 0 to 9999 in UTC.
func (m moment) checkYear() string {
	switch {
	case m.year == 0 && m.month == 1 && m.day == 1 && m.minute < 0:
		return "is before the year 0000 in UTC"
	case m.year == maxYear && m.month == 12 && m.day == 31 && m.minute >= minutesPerDay:
		return "is after the year 9999 in UTC"
	}
	return ""
}

// parseFraction reads the fraction of a second, if there is one, at the start
// of s and returns what follows it.
func parseFraction(s string) (nanosecond int, rest, problem string) {
	if s == "" || s[0] != '.' {
		return 0, s, ""
	}
	i, unit := 1, 100_000_000 // unit is what the digit at i counts
	for ; i < len(s) && digit.has(s[i]); i++ {
		nanosecond += int(s[i]-'0') * unit
		unit /= 10
	}
	if i == 1 {
		return 0, s, "has a fraction without digits"
	}
	return nanosecond, s[i:], ""
}

// parseOffset returns the minutes by which local time is ahead of UTC.
func parseOffset(s string, lenient bool) (minutes int, problem string) {
	switch s {
	case "Z":
		return 0, ""
	case "":
		if lenient {
			return 0, ""
		}
		return 0, "has no time zone"
	case "-00:00":
		if lenient {
			return 0, ""
		}
		return 0, "has the offset -00:00"
	case "+0000", "-0000":
		if lenient {
			return 0, ""
		}
	}
	const notOffset = "has something other than Z or an offset like +01:00 after the seconds"
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, notOffset
	}
	hours, minutes := pair(s[1:3]), pair(s[4:6])
	switch {
	case hours|minutes < 0:
		return 0, notOffset
	case hours > 23 || minutes > 59:
		return 0, "has an offset that does not exist"
	}
	minutes += hours * 60
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, ""
}

// pair returns the number that two digits spell, or -1 if they are no digits.
func pair(s string) int {
	tens, ones := s[0]-'0', s[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int(tens)*10 + int(ones)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
