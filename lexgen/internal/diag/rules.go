package diag

// Rule is the stable id of a rule. Ids are part of the output that users may
// rely on: they are never renamed.
type Rule string

// The rules. [Rules] says what each one means.
const (
	JSONSyntax        Rule = "schema-json-parse"
	DuplicateKey      Rule = "duplicate-key"
	Shape             Rule = "lexicon-schema"
	LexiconVersion    Rule = "lexicon-version"
	UnknownType       Rule = "unknown-type"
	MisplacedType     Rule = "misplaced-type"
	InvalidNSID       Rule = "invalid-nsid"
	DefName           Rule = "def-name-syntax"
	FieldName         Rule = "field-name-syntax"
	NonMainPrimary    Rule = "non-main-primary"
	NoProperties      Rule = "no-properties"
	RecordKey         Rule = "record-key"
	InvalidEncoding   Rule = "invalid-encoding"
	IgnoredSchema     Rule = "ignored-schema"
	ErrorName         Rule = "error-name"
	DuplicateError    Rule = "duplicate-error"
	LanguageTag       Rule = "language-tag"
	Permission        Rule = "permission"
	UnknownField      Rule = "unknown-field"
	UnexpectedField   Rule = "unexpected-field"
	DuplicateField    Rule = "duplicate-field"
	EmptyRange        Rule = "empty-range"
	UnsafeInteger     Rule = "unsafe-integer"
	UnknownFormat     Rule = "unknown-format"
	EmptyEnum         Rule = "empty-enum"
	DuplicateValue    Rule = "duplicate-value"
	DefaultAndConst   Rule = "default-and-const"
	InvalidValue      Rule = "invalid-value"
	InvalidAccept     Rule = "invalid-accept"
	InvalidRef        Rule = "invalid-ref"
	ClosedEmptyUnion  Rule = "closed-empty-union"
	DuplicateVariant  Rule = "duplicate-variant"
	DuplicateID       Rule = "duplicate-id"
	PathMismatch      Rule = "path-mismatch"
	UnresolvedRef     Rule = "unresolved-ref"
	RefTarget         Rule = "ref-target"
	RequiredCycle     Rule = "required-cycle"
	UnknownKey        Rule = "unknown-key"
	ConfigValue       Rule = "config-value"
	ConfigVersion     Rule = "config-version"
	OverlappingConfig Rule = "overlapping-config"
	UnusedPattern     Rule = "unused-pattern"
	NameCollision     Rule = "name-collision"
	UnusedName        Rule = "unused-name"
	ImportCycle       Rule = "import-cycle"
	PackageMapping    Rule = "package-mapping"
	StaleOutput       Rule = "stale-output"
	ForeignFile       Rule = "foreign-file"
	UnreadableFile    Rule = "unreadable-file"
	InvalidData       Rule = "invalid-data"
	DocsPage          Rule = "docs-page"
)

// RuleInfo describes a rule.
type RuleInfo struct {
	ID Rule
	// Meaning is one line that says what the rule demands.
	Meaning string
}

// Rules returns every rule, in the order of the stages that check them.
func Rules() []RuleInfo {
	return []RuleInfo{
		{UnreadableFile, "every document can be read"},
		{JSONSyntax, "the file is JSON in UTF-8"},
		{DuplicateKey, "no object has the same key twice"},
		{Shape, "every key has the JSON type it needs, and required keys exist"},
		{LexiconVersion, "lexicon is 1"},
		{UnknownType, "type names a type of the Lexicon language"},
		{MisplacedType, "a type stands only where the language allows it"},
		{InvalidNSID, "id is an NSID"},
		{DefName, "a def name is short and plain"},
		{FieldName, "a property name is not empty and not reserved"},
		{NonMainPrimary, "a record, endpoint or permission set is the def main"},
		{NoProperties, "an object lists its properties"},
		{RecordKey, "key is tid, nsid, any or literal:<record key>"},
		{InvalidEncoding, "encoding is one media type or a glob"},
		{IgnoredSchema, "a schema describes a body of application/json"},
		{ErrorName, "an error name is one word"},
		{DuplicateError, "an endpoint declares an error once"},
		{LanguageTag, "the keys of title:lang and detail:lang are language tags"},
		{Permission, "a permission is one that clients can use"},
		{UnknownField, "required and nullable name existing properties"},
		{UnexpectedField, "a key of the Lexicon language stands on a type that has it"},
		{DuplicateField, "required and nullable name a property once"},
		{EmptyRange, "a minimum is not above its maximum"},
		{UnsafeInteger, "an integer is exact in every JSON implementation"},
		{UnknownFormat, "format names a string format of the Lexicon language"},
		{EmptyEnum, "an enum has a value"},
		{DuplicateValue, "enum, knownValues and accept list a value once"},
		{DefaultAndConst, "a schema has a default or a const, not both"},
		{InvalidValue, "default, const and enum values satisfy their own schema"},
		{InvalidAccept, "accept lists media types or globs"},
		{InvalidRef, "a ref is #name, an NSID, or an NSID#name"},
		{ClosedEmptyUnion, "a closed union has a variant"},
		{DuplicateVariant, "a union lists a variant once"},
		{DuplicateID, "an NSID belongs to one document"},
		{PathMismatch, "the path of a document spells its NSID"},
		{UnresolvedRef, "a ref leads to a def"},
		{RefTarget, "a ref leads to a def of a kind that it may use"},
		{RequiredCycle, "a type does not require itself without end"},
		{UnknownKey, "lexgen.json has no unknown key"},
		{ConfigValue, "a value in lexgen.json has the form that its key needs"},
		{ConfigVersion, "the version of lexgen.json is one that this command knows"},
		{OverlappingConfig, "entries of lexgen.json do not contradict each other"},
		{UnusedPattern, "a pattern in lexgen.json matches a lexicon"},
		{NameCollision, "two constructs have different Go names"},
		{UnusedName, "an entry of names in lexgen.json names something that is generated"},
		{ImportCycle, "generated packages do not import each other in a circle"},
		{PackageMapping, "every NSID belongs to a Go package"},
		{ForeignFile, "nothing that lexgen did not write is in the place of its output"},
		{StaleOutput, "the generated files are what the lexicons say"},
		{InvalidData, "data that is validated is what its lexicon says"},
		{DocsPage, "a page of the documentation has one generated section"},
	}
}
