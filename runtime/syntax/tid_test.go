package syntax_test

import (
	"math"
	"testing"
	"time"

	"github.com/lexgen-go/lexgen/runtime/syntax"
)

func TestParseTID(t *testing.T) {
	t.Parallel()
	const (
		badChar   = "has a character other than 2-7 and a-z"
		badLength = "is not 13 bytes long"
		badFirst  = "starts with a letter after j"
	)
	testParse(t, syntax.TIDFormat, syntax.ParseTID, []parseCase{
		{"usual", "3jzfcijpj2z2a", ""},
		{"all sevens", "7777777777777", ""},
		{"lowest", "2222222222222", ""},
		{"highest", "jzzzzzzzzzzzz", ""},
		{"ordinary word", "2abcdefghijkl", ""},

		{"empty", "", "is empty"},
		{"12 bytes", "3jzfcijpj2z2", badLength},
		{"14 bytes", "3jzfcijpj2z2aa", badLength},
		{"digit 1", "3jzfcijpj2z21", badChar},
		{"digit 8", "3jzfcijpj2z28", badChar},
		{"digit 0", "0000000000000", badChar},
		{"capital", "3JZFCIJPJ2Z2A", badChar},
		{"old form with hyphens", "3jzf-cij-pj2z-2a", badLength},
		{"hyphen", "3jzfcijpj-z2a", badChar},
		{"first digit k", "kjzfcijpj2z2a", badFirst},
		{"first digit z", "zzzzzzzzzzzzz", badFirst},
		{"non-ASCII of 13 bytes", "3jzfcijpj2zéa"[:13], badChar},
	})
}

func TestNewTID(t *testing.T) {
	t.Parallel()
	highest := time.UnixMicro(1<<53 - 1).UTC()
	epoch := time.UnixMicro(0).UTC()
	tests := []struct {
		name      string
		time      time.Time
		clock     uint
		want      syntax.TID
		wantTime  time.Time
		wantClock uint
	}{
		{"epoch", epoch, 0, "2222222222222", epoch, 0},
		{"one microsecond", epoch.Add(time.Microsecond), 0, "2222222222322", epoch.Add(time.Microsecond), 0},
		{"below a microsecond", epoch.Add(1999 * time.Nanosecond), 0, "2222222222322", epoch.Add(time.Microsecond), 0},
		{"highest clock", epoch, 1023, "22222222222zz", epoch, 1023},
		{"clock of eleven bits", epoch, 1024 + 7, "222222222222b", epoch, 7},
		{"highest time", highest, 1023, "bzzzzzzzzzzzz", highest, 1023},
		{"after the highest time", highest.Add(time.Microsecond), 0, "bzzzzzzzzzz22", highest, 0},
		{"distant future", time.Date(1_000_000, 1, 1, 0, 0, 0, 0, time.UTC), 0, "bzzzzzzzzzz22", highest, 0},
		{"before the epoch", epoch.Add(-time.Microsecond), 3, "2222222222225", epoch, 3},
		{"distant past", time.Date(-1_000_000, 1, 1, 0, 0, 0, 0, time.UTC), 0, "2222222222222", epoch, 0},
		{"other zone", time.Unix(1, 0).In(time.FixedZone("", 3600)), 0, syntax.NewTID(time.Unix(1, 0), 0), time.Unix(1, 0).UTC(), 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := syntax.NewTID(tc.time, tc.clock)
			testEqual(t, "tid", got, tc.want)
			testEqual(t, "valid", got.Valid(), true)
			testEqual(t, "time", got.Time(), tc.wantTime)
			testEqual(t, "clock", got.ClockID(), tc.wantClock)
		})
	}
}

func TestTIDOfInvalidText(t *testing.T) {
	t.Parallel()
	for _, tid := range []syntax.TID{"", "3jzfcijpj2z2", "3JZFCIJPJ2Z2A", "zzzzzzzzzzzzz"} {
		testEqual(t, tid.String()+" time", tid.Time(), time.Time{})
		testEqual(t, tid.String()+" clock", tid.ClockID(), 0)
	}
}

// TestTIDReservedBit holds that a text with the reserved highest bit set is
// valid and that the bit is no part of the time.
func TestTIDReservedBit(t *testing.T) {
	t.Parallel()
	testEqual(t, "time", syntax.TID("c222222222322").Time(), time.UnixMicro(1).UTC())
	testEqual(t, "highest time", syntax.TID("jzzzzzzzzzzzz").Time(), time.UnixMicro(1<<53-1).UTC())
}

func FuzzTID(f *testing.F) {
	for _, s := range []string{"3jzfcijpj2z2a", "2222222222222", "jzzzzzzzzzzzz", "k222222222222", "3JZFCIJPJ2Z2A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		valid := checkInvariants(t, syntax.TIDFormat, syntax.ParseTID, s)
		tid := syntax.TID(s)
		if valid && s[0] < 'c' { // the reserved bit is not set
			testEqual(t, "recombined", syntax.NewTID(tid.Time(), tid.ClockID()), tid)
		}
	})
}

func FuzzNewTID(f *testing.F) {
	f.Add(int64(0), uint(0))
	f.Add(int64(1_700_000_000_000_000), uint(1023))
	f.Add(int64(math.MinInt64), uint(math.MaxUint))
	f.Add(int64(math.MaxInt64), uint(1024))
	f.Fuzz(func(t *testing.T, micros int64, clock uint) {
		tid := syntax.NewTID(time.UnixMicro(micros), clock)
		testEqual(t, "valid", tid.Valid(), true)
		testEqual(t, "micros", tid.Time().UnixMicro(), min(max(micros, 0), 1<<53-1))
		testEqual(t, "clock", tid.ClockID(), clock%1024)
		if micros >= 0 && micros < 1<<53-1 {
			later := syntax.NewTID(time.UnixMicro(micros+1), 0)
			testEqual(t, "order of the texts", tid < later, true)
		}
	})
}
