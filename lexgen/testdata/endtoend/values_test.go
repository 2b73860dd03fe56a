package endtoend

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	inputs "golden.test/default_in_input/comexample"
	nulls "golden.test/default_nullable/comexample"
	enums "golden.test/enum/comexample"
	many "golden.test/many_variants/comexample"
	nullable "golden.test/nullable_objects/comexample"
	auth "golden.test/permission_set/comexample"
	cycle "golden.test/required_cycle/comexample"
	messages "golden.test/subscription/comexample"
	tokens "golden.test/tokens/comexample"
	calc "golden.test/union_body/comexample"

	"github.com/lexgen-go/lexgen/runtime/lexdata"
	"github.com/lexgen-go/lexgen/runtime/syntax"
)

// calculator answers com.example.calc.run.
type calculator struct{}

func (calculator) Run(_ context.Context, input *calc.CalcRunInput) (*calc.CalcRunOutput, error) {
	var number calc.CalcRunNumber
	switch task := input.Value.(type) {
	case *calc.CalcRunAdd:
		number.Value = task.A + task.B
	case *calc.CalcRunNegate:
		number.Value = -task.A
	}
	output := calc.NewCalcRunOutput(&number)
	return &output, nil
}

// TestUnionBody demands that a union may be a whole body.
func TestUnionBody(t *testing.T) {
	t.Parallel()
	client, sent := serve(t, calc.CalcEndpoints(calculator{}))
	for _, test := range []struct {
		input calc.CalcRunInput
		body  string
		want  int64
	}{
		{calc.NewCalcRunInput(&calc.CalcRunAdd{A: 2, B: 3}), `{"$type":"com.example.calc.run#add","a":2,"b":3}`, 5},
		{calc.NewCalcRunInput(&calc.CalcRunNegate{A: 2}), `{"$type":"com.example.calc.run#negate","a":2}`, -2},
	} {
		output, err := calc.CalcClient{Client: client}.Run(t.Context(), &test.input)
		if err != nil {
			t.Fatal(err)
		}
		checkText(t, sent.body, test.body)
		if got, ok := output.Value.(*calc.CalcRunNumber); !ok || got.Value != test.want {
			t.Errorf("got %v, want %d", output.Value, test.want)
		}
	}
}

// TestTokens demands that a token is a value wherever its name is.
func TestTokens(t *testing.T) {
	t.Parallel()
	if tokens.ReportReasonSpam != tokens.ReportSpam || tokens.ReportVerdictSpam != tokens.ReportSpam {
		t.Errorf("got %q and %q, want %q", tokens.ReportReasonSpam, tokens.ReportVerdictSpam, tokens.ReportSpam)
	}
}

// TestEnum demands that other values than those of an enum are kept, and found by Validate.
func TestEnum(t *testing.T) {
	t.Parallel()
	var view enums.FeedSortView
	if err := json.Unmarshal([]byte(`{"side":"top","sides":["left"]}`), &view); err != nil {
		t.Fatal(err)
	}
	if view.Side != "top" || !slices.Equal(view.Sides, []enums.FeedSortSide{enums.FeedSortSideLeft}) {
		t.Errorf("got %+v", view)
	}
	if err := view.Validate(); err == nil {
		t.Error("a side that is none is valid")
	}
	view.Side = enums.FeedSortSideRight
	if err := view.Validate(); err != nil {
		t.Error(err)
	}
}

// TestNullObjects demands that objects, unions and arrays may be null.
func TestNullObjects(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"one":null,"choice":null,"names":null}`,
		`{"one":null,"choice":null,"names":null,"another":null,"otherChoice":null,"others":null,"tags":null}`,
		`{"one":{},"choice":{"$type":"com.example.app.thing#part"},"names":[],"another":{"note":"a"},` +
			`"otherChoice":{"$type":"net.example.other"},"others":[{}],"tags":["a"]}`,
	} {
		var thing nullable.AppThing
		if err := json.Unmarshal([]byte(text), &thing); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(thing)
		if err != nil {
			t.Fatal(err)
		}
		checkText(t, string(got), text)
	}
	thing := nullable.AppThing{One: lexdata.NonNull[*nullable.AppThingPart](nil), Names: lexdata.NonNull([]syntax.Handle{"a.example"})}
	got, err := json.Marshal(thing)
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, string(got), `{"one":null,"choice":null,"names":["a.example"]}`)
}

// TestDefaultsBelow demands that an object inside of an input is filled in, and a named one is not.
func TestDefaultsBelow(t *testing.T) {
	t.Parallel()
	var input inputs.PrefsPutInput
	if err := json.Unmarshal([]byte(`{"page":{},"theme":{"font":"mono"}}`), &input); err != nil {
		t.Fatal(err)
	}
	filled := input.Page.Size.Or(0) == 20 && input.Page.Order.Or("") == inputs.PrefsPutInputPageOrderAsc && input.Width.Or(0) == 80
	if !filled || !input.Theme.Dark.IsZero() {
		t.Errorf("got %+v and %+v", input, input.Theme)
	}
}

// TestNullOverDefault demands that null is not taken for absence, which is the default.
func TestNullOverDefault(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{`{}`, `{"limit":50,"order":"asc","deep":false}`},
		{`{"limit":null,"order":null,"deep":null}`, `{"limit":null,"order":null,"deep":null}`},
		{`{"limit":0,"order":"","deep":true}`, `{"limit":0,"order":"","deep":true}`},
	} {
		var input nulls.PrefsPutInput
		if err := json.Unmarshal([]byte(test.text), &input); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(input)
		if err != nil {
			t.Fatal(err)
		}
		checkText(t, string(got), test.want)
	}
}

// TestRequiredCycle demands that a value without end is told to lack what it requires.
func TestRequiredCycle(t *testing.T) {
	t.Parallel()
	thing := cycle.ThingSelf{Self: new(cycle.ThingSelf)}
	if err := thing.Validate(); err == nil || explain(err) != "self.self is required" {
		t.Errorf("got %v, want a refusal of self.self", err)
	}
	if _, err := json.Marshal(thing); err == nil {
		t.Error("a value that lacks what it requires is encoded")
	}
}

// TestMessage demands that the messages of a subscription have their types.
func TestMessage(t *testing.T) {
	t.Parallel()
	var message messages.SyncWatchMessage
	if err := json.Unmarshal([]byte(`{"$type":"com.example.sync.watch#commit","seq":7}`), &message); err != nil {
		t.Fatal(err)
	}
	if commit, ok := message.Value.(*messages.SyncWatchCommit); !ok || commit.Seq != 7 {
		t.Errorf("got %v", message.Value)
	}
}

// TestPermissionSet demands that a permission set is a value of its own each time.
func TestPermissionSet(t *testing.T) {
	t.Parallel()
	set := auth.AuthFull()
	set.Permissions[0].Fields.Set("action", lexdata.List{"update"})
	set = auth.AuthFull()
	checkText(t, set.NSID, auth.AuthFullNSID)
	var usable []string
	for _, permission := range set.Permissions {
		if permission.Usable {
			usable = append(usable, permission.Resource)
		}
	}
	if diff := cmp.Diff(usable, []string{"repo", "rpc"}); diff != "" {
		t.Errorf("usable permissions (-got +want):\n%s", diff)
	}
	fields, err := json.Marshal(set.Permissions[0].Fields)
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, string(fields), `{"collection":["com.example.feed.post"],"action":["create","delete"]}`)
}

// TestManyVariants demands that a union may have more variants than Go lets a constraint list.
func TestManyVariants(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(many.NewAppThingMostUnion(new(many.AppThingV100)))
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, string(got), `{"$type":"com.example.app.thing#v100"}`)
	got, err = json.Marshal(many.NewAppThingMoreUnion(new(many.AppThingV101)))
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, string(got), `{"$type":"com.example.app.thing#v101"}`)
}
