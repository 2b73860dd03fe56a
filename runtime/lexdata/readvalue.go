package lexdata

import "github.com/lexgen-go/lexgen/runtime/lexjson"

// What is wrong with objects of the special shapes.
const (
	emptyKey  = "must not have an empty key"
	emptyType = "must be a non-empty string"
	notBytes  = "must be bytes, an object with $bytes in base64 and nothing else"
	notLink   = "must be a link, an object with a CID in $link and nothing else"
	notBlob   = "must be a blob, an object with exactly $type, ref, mimeType and size"
)

// ReadValue reads any value from r. Objects that have the key $bytes or $link,
// or "blob" as their $type, are read as [Bytes], [CIDLink] and [Blob] and must
// have the shape of these. Whatever breaks the rules of the data model is
// reported. The old form of blobs is an [Object], as only a schema tells
// whether it is meant as a blob.
func ReadValue(r *lexjson.Reader) Value {
	switch r.Peek() {
	case lexjson.Object:
		return readObject(r)
	case lexjson.Array:
		list := List{}
		array := r.Array()
		for array.Next() {
			list = append(list, ReadValue(r))
		}
		return list
	case lexjson.String:
		return r.String()
	case lexjson.Number:
		return r.Int()
	case lexjson.Bool:
		return r.Bool()
	default:
		r.Skip()
		return nil
	}
}

// readObject reads an object of any shape.
func readObject(r *lexjson.Reader) Value {
	object := Object{}
	special := ""
	members := r.Object()
	for members.Next() {
		key := members.Key()
		member := Member{key, ReadValue(r)}
		switch {
		case key == bytesKey, key == linkKey, key == typeKey && member.Value == blobType:
			special = key
		default:
			checkMember(r, member)
		}
		object = append(object, member)
	}
	var value Value
	var problem string
	switch special {
	case bytesKey:
		value, problem = bytesOf(object)
	case linkKey:
		value, problem = linkOf(object)
	case typeKey:
		value, problem = blobOf(object)
	default:
		return object
	}
	if problem != "" {
		r.Report(problem)
	}
	return value
}

func bytesOf(object Object) (b Bytes, problem string) {
	text, ok := object[0].Value.(string)
	if ok {
		b, ok = parseBytes(text)
	}
	if !ok || len(object) > 1 {
		return nil, notBytes
	}
	return b, ""
}

func linkOf(object Object) (link CIDLink, problem string) {
	text, ok := object[0].Value.(string)
	if link = CIDLink(text); !ok || !link.Valid() || len(object) > 1 {
		return "", notLink
	}
	return link, ""
}

func blobOf(object Object) (blob Blob, problem string) {
	for _, member := range object {
		ok := true
		switch member.Key {
		case typeKey:
		case "ref":
			blob.Ref, ok = member.Value.(CIDLink)
		case "mimeType":
			blob.MIMEType, ok = member.Value.(string)
		case "size":
			blob.Size, ok = member.Value.(int64)
		default:
			ok = false
		}
		if !ok {
			return Blob{}, notBlob
		}
	}
	if len(object) != 4 || blob.MIMEType == "" || blob.Size < 0 {
		return Blob{}, notBlob
	}
	return blob, ""
}

// readMember reads the value of a member of something that must be an object,
// not bytes, a link or a blob.
func readMember(r *lexjson.Reader, key string) Member {
	member := Member{key, ReadValue(r)}
	switch {
	case key == bytesKey, key == linkKey:
		r.Report("is not allowed in an object")
	case key == typeKey && member.Value == blobType:
		r.Report("must not be " + blobType)
	default:
		checkMember(r, member)
	}
	return member
}

// checkMember reports what no object may have.
func checkMember(r *lexjson.Reader, member Member) {
	switch member.Key {
	case "":
		r.Report(emptyKey)
	case typeKey:
		if name, _ := member.Value.(string); name == "" {
			r.Report(emptyType)
		}
	}
}
