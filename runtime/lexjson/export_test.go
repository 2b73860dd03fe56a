package lexjson

// Looked returns the offset up to which r has looked ahead for a "$type".
func Looked(r *Reader) int { return r.looked }

// Offset returns the offset at which r stands.
func Offset(r *Reader) int { return r.pos }
