package syntax_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

const (
	badShape  = "does not start with a date and time like 2006-01-02T15:04:05"
	badOffset = "has something other than Z or an offset like +01:00 after the seconds"
	badDay    = "has a day that does not exist"
	badMonth  = "has a month that does not exist"
)

func TestParseDatetime(t *testing.T) {
	t.Parallel()
	testParse(t, syntax.DatetimeFormat, syntax.ParseDatetime, []parseCase{
		{"milliseconds", "1985-04-12T23:20:50.123Z", ""},
		{"seconds", "1985-04-12T23:20:50Z", ""},
		{"one digit", "1985-04-12T23:20:50.1Z", ""},
		{"thirteen digits", "1985-04-12T23:20:50.1234567890123Z", ""},
		{"offset ahead", "1985-04-12T23:20:50.123+01:45", ""},
		{"offset behind", "1985-04-12T23:20:50-07:00", ""},
		{"offset zero", "1985-04-12T23:20:50+00:00", ""},
		{"highest offset", "1985-04-12T23:20:50+23:59", ""},
		{"first moment", "0000-01-01T00:00:00.000Z", ""},
		{"first moment in the west", "0000-01-01T00:00:00-01:00", ""},
		{"first moment in the east", "0000-01-01T01:00:00+01:00", ""},
		{"last moment", "9999-12-31T23:59:59.999999999Z", ""},
		{"last moment in the east", "9999-12-31T23:59:59+14:00", ""},
		{"last moment in the west", "9999-12-31T13:59:59-10:00", ""},
		{"31 January", "2026-01-31T00:00:00Z", ""},
		{"30 April", "2026-04-30T00:00:00Z", ""},
		{"leap day", "2024-02-29T00:00:00Z", ""},
		{"leap day of a 400th year", "2000-02-29T00:00:00Z", ""},
		{"64 bytes", "1985-04-12T23:20:50." + strings.Repeat("1", 43) + "Z", ""},
	})
}

func TestParseDatetimeRefuses(t *testing.T) {
	t.Parallel()
	testParse(t, syntax.DatetimeFormat, syntax.ParseDatetime, []parseCase{
		{"empty", "", "is empty"},
		{"65 bytes", "1985-04-12T23:20:50." + strings.Repeat("1", 44) + "Z", "is longer than 64 bytes"},
		{"date alone", "1985-04-12", badShape},
		{"time alone", "23:20:50Z", badShape},
		{"no seconds", "1985-04-12T23:20Z", badShape},
		{"compact date", "19850412T232050.123Z", badShape},
		{"year of two digits", "85-04-12T23:20:50.123Z", badShape},
		{"year of five digits", "10000-04-12T23:20:50Z", badShape},
		{"signed year", "-001-04-12T23:20:50Z", badShape},
		{"year with a plus", "+1985-04-12T23:20:50Z", badShape},
		{"month of one digit", "1985-4-12T23:20:50.123Z", badShape},
		{"hour of one digit", "1985-04-12T3:20:50.1234Z", badShape},
		{"small t", "1985-04-12t23:20:50.123Z", badShape},
		{"space for the T", "1985-04-12 23:20:50.123Z", badShape},
		{"slashes", "1985/04/12T23:20:50.123Z", badShape},
		{"month 0", "1985-00-12T23:20:50Z", badMonth},
		{"month 13", "1985-13-12T23:20:50Z", badMonth},
		{"day 0", "1985-04-00T23:20:50Z", badDay},
		{"day 32", "1985-01-32T23:20:50Z", badDay},
		{"31 April", "1985-04-31T23:20:50Z", badDay},
		{"31 February", "1985-02-31T23:20:50Z", badDay},
		{"30 February of a leap year", "2024-02-30T23:20:50Z", badDay},
		{"29 February of a common year", "2026-02-29T23:20:50Z", badDay},
		{"29 February of a 100th year", "1900-02-29T23:20:50Z", badDay},
		{"hour 24", "1985-04-12T24:00:00Z", "has an hour above 23"},
		{"minute 60", "1985-04-12T23:60:00Z", "has a minute above 59"},
		{"leap second", "1990-12-31T23:59:60Z", "has a second above 59"},
		{"dot without digits", "1985-04-12T23:20:50.Z", "has a fraction without digits"},
		{"comma", "1985-04-12T23:20:50,123Z", badOffset},
		{"no zone", "1985-04-12T23:20:50.123", "has no time zone"},
		{"small z", "1985-04-12T23:20:50.123z", badOffset},
		{"name of a zone", "1985-04-12T23:20:50.123UTC", badOffset},
		{"zone twice", "1985-04-12T23:20:50.123Z+00:00", badOffset},
		{"offset -00:00", "1985-04-12T23:20:50.123-00:00", "has the offset -00:00"},
		{"offset without colon", "1985-04-12T23:20:50.123+0100", badOffset},
		{"offset +0000", "1985-04-12T23:20:50.123+0000", badOffset},
		{"offset -0000", "1985-04-12T23:20:50.123-0000", badOffset},
		{"offset of hours", "1985-04-12T23:20:50.123+01", badOffset},
		{"offset without sign", "1985-04-12T23:20:50.123 01:00", badOffset},
		{"offset with a minus sign of its own", "1985-04-12T23:20:50.123−1:00", badOffset},
		{"offset +24:00", "1985-04-12T23:20:50+24:00", "has an offset that does not exist"},
		{"offset of 60 minutes", "1985-04-12T23:20:50+01:60", "has an offset that does not exist"},
		{"before the year 0000", "0000-01-01T00:00:00+01:00", "is before the year 0000 in UTC"},
		{"after the year 9999", "9999-12-31T23:59:59-10:00", "is after the year 9999 in UTC"},
		{"just after the year 9999", "9999-12-31T23:59:00-00:01", "is after the year 9999 in UTC"},
		{"trailing text", "1985-04-12T23:20:50.123Z\n", badOffset},
		{"Arabic digits", "١985-04-12T23:20:50.123Z", badShape},
	})
}

func TestDatetimeValidLenient(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   syntax.Datetime
		want bool
	}{
		{"1985-04-12T23:20:50.123Z", true},
		{"1985-04-12T23:20:50.123", true},
		{"1985-04-12T23:20:50", true},
		{"1985-04-12T23:20:50-00:00", true},
		{"1985-04-12T23:20:50+0000", true},
		{"1985-04-12T23:20:50-0000", true},
		{"1985-04-12T23:20:50+0100", false},
		{"1985-04-12T23:20:50z", false},
		{"1985-04-12T23:20", false},
		{"1985-04-12", false},
		{"1985-02-31T23:20:50", false},
		{"1985-04-12T23:20:50.", false},
		{"0000-01-01T00:00:00+01:00", false},
		{"", false},
	}
	for _, tc := range tests {
		testEqual(t, tc.in.String(), tc.in.ValidLenient(), tc.want)
	}
}

func TestDatetimeTime(t *testing.T) {
	t.Parallel()
	date := func(year int, month time.Month, day, hour, minute, second, nanosecond int) time.Time {
		return time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC)
	}
	tests := []struct {
		in   syntax.Datetime
		want time.Time
	}{
		{"1985-04-12T23:20:50.123Z", date(1985, 4, 12, 23, 20, 50, 123_000_000)},
		{"1985-04-12T23:20:50.000000001Z", date(1985, 4, 12, 23, 20, 50, 1)},
		{"1985-04-12T23:20:50.0000000019Z", date(1985, 4, 12, 23, 20, 50, 1)},
		{"1985-04-12T23:20:50+01:30", date(1985, 4, 12, 21, 50, 50, 0)},
		{"1985-12-31T23:20:50-01:00", date(1986, 1, 1, 0, 20, 50, 0)},
		{"2024-03-01T00:00:00+00:01", date(2024, 2, 29, 23, 59, 0, 0)},
		{"1985-04-12T23:20:50", date(1985, 4, 12, 23, 20, 50, 0)},
		{"1985-04-12T23:20:50-0000", date(1985, 4, 12, 23, 20, 50, 0)},
	}
	for _, tc := range tests {
		got, err := tc.in.Time()
		if err != nil {
			t.Errorf("%s: %v", tc.in, err)
		}
		testEqual(t, tc.in.String(), got, tc.want)
	}
	got, err := syntax.Datetime("1985-02-31T00:00:00Z").Time()
	testEqual(t, "problem of an invalid datetime", problemOf(t, syntax.DatetimeFormat, err), badDay)
	testEqual(t, "time of an invalid datetime", got, time.Time{})
}

func TestFormatDatetime(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 2*60*60)
	tests := []struct {
		in    time.Time
		want  syntax.Datetime
		valid bool
	}{
		{time.Date(2026, 1, 31, 23, 59, 59, 123_999_999, time.UTC), "2026-01-31T23:59:59.123Z", true},
		{time.Date(2026, 2, 1, 1, 0, 0, 0, east), "2026-01-31T23:00:00.000Z", true},
		{time.Time{}, "0001-01-01T00:00:00.000Z", true},
		{time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), "9999-12-31T23:59:59.999Z", true},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "10000-01-01T00:00:00.000Z", false},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, east), "9999-12-31T22:00:00.000Z", true},
	}
	for _, tc := range tests {
		got := syntax.FormatDatetime(tc.in)
		testEqual(t, "datetime", got, tc.want)
		testEqual(t, got.String()+" valid", got.Valid(), tc.valid)
	}
}

func FuzzDatetime(f *testing.F) {
	for _, s := range []string{
		"1985-04-12T23:20:50.123Z", "1985-04-12T23:20:50,123Z", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-10:00",
		"1985-02-31T23:20:50Z", "1990-12-31T23:59:60Z", "1985-04-12T23:20:50+24:00", "1985-04-12T23:20:50-0000",
		"1985-04-12T23:20:50.1234567890123+05:45",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.DatetimeFormat, syntax.ParseDatetime, s)
		got, err := syntax.Datetime(s).Time()
		testEqual(t, "has a time", err == nil, syntax.Datetime(s).ValidLenient())
		if !valid {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatalf("time.Parse: %v", err)
		}
		testEqual(t, "time", got, want.UTC())
		formatted, err := syntax.FormatDatetime(got).Time()
		if err != nil {
			t.Fatalf("time of the formatted time: %v", err)
		}
		testEqual(t, "formatted and parsed", formatted, want.UTC().Truncate(time.Millisecond))
	})
}
