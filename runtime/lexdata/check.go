package lexdata

import "github.com/lexgen-go/lexgen/runtime/validate"

// Check reports to c the integers in o that have more than 53 bits: not every
// implementation can read them. See https://atproto.com/specs/data-model#data-types.
func (o Object) Check(c *validate.Checker) {
	for i := range o {
		checkMemberValue(c, o[i].Key, o[i].Value)
	}
}

// checkMemberValue checks the value of a member, or with an empty key the value
// at which c stands.
func checkMemberValue(c *validate.Checker, key string, value Value) {
	switch value := value.(type) {
	case int64:
		c.Integer(key, value)
	case Object:
		c.Enter(key)
		value.Check(c)
		c.Leave()
	case List:
		for i := range value {
			c.EnterItem(key, i)
			checkMemberValue(c, "", value[i])
			c.Leave()
		}
	}
}
