package syntax

// The names of the string formats as the Lexicon language spells them.
const (
	ATIdentifierFormat = "at-identifier" // ATIdentifierFormat is the format of [ATIdentifier].
	ATURIFormat        = "at-uri"        // ATURIFormat is the format of [ATURI].
	CIDFormat          = "cid"           // CIDFormat is the format of [CID].
	DatetimeFormat     = "datetime"      // DatetimeFormat is the format of [Datetime].
	DIDFormat          = "did"           // DIDFormat is the format of [DID].
	HandleFormat       = "handle"        // HandleFormat is the format of [Handle].
	LanguageFormat     = "language"      // LanguageFormat is the format of [Language].
	NSIDFormat         = "nsid"          // NSIDFormat is the format of [NSID].
	RecordKeyFormat    = "record-key"    // RecordKeyFormat is the format of [RecordKey].
	TIDFormat          = "tid"           // TIDFormat is the format of [TID].
	URIFormat          = "uri"           // URIFormat is the format of [URI].
)

// Formats returns the names of all formats in alphabetical order. The caller
// owns the slice.
func Formats() []string {
	return []string{
		ATIdentifierFormat, ATURIFormat, CIDFormat, DatetimeFormat, DIDFormat, HandleFormat,
		LanguageFormat, NSIDFormat, RecordKeyFormat, TIDFormat, URIFormat,
	}
}

// IsFormat reports whether name is the name of a string format.
func IsFormat(name string) bool {
	return checkOf(name) != nil
}

// Valid reports whether s has the syntax of the named format, and whether the
// format is known at all. A text of an unknown format is not ok.
func Valid(format, s string) (ok, known bool) {
	check := checkOf(format)
	if check == nil {
		return false, false
	}
	return check(s) == "", true
}

// ValidLenient is [Valid] for data that others wrote: it applies the
// ValidLenient method of those formats that have one.
func ValidLenient(format, s string) (ok, known bool) {
	switch format {
	case ATURIFormat:
		return ATURI(s).ValidLenient(), true
	case DatetimeFormat:
		return Datetime(s).ValidLenient(), true
	case LanguageFormat:
		return Language(s).ValidLenient(), true
	}
	return Valid(format, s)
}

// checkOf returns the check of the named format, or nil if there is none. A
// check returns the problem of a text, or "" if the text is valid.
func checkOf(format string) func(string) string {
	switch format {
	case ATIdentifierFormat:
		return checkATIdentifier
	case ATURIFormat:
		return checkATURI
	case CIDFormat:
		return checkCID
	case DatetimeFormat:
		return checkDatetime
	case DIDFormat:
		return checkDID
	case HandleFormat:
		return checkHandle
	case LanguageFormat:
		return checkLanguage
	case NSIDFormat:
		return checkNSID
	case RecordKeyFormat:
		return checkRecordKey
	case TIDFormat:
		return checkTID
	case URIFormat:
		return checkURI
	}
	return nil
}
