package diag

// Suggest returns the candidate that word is most likely a misspelling of, or
// "" if none is close: at least two thirds of the word must be right. Of
// equally close candidates the first wins.
func Suggest(word string, candidates []string) string {
	best, bestDistance := "", len([]rune(word))/3+1
	for _, candidate := range candidates {
		if d := distance(word, candidate, bestDistance); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b, without regard to case. It may return any
// number of at least limit once limit is reached.
func distance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if diff := len(s) - len(t); diff >= limit || -diff >= limit {
		return limit
	}
	var beforePrevious, previous []int
	current := make([]int, len(t)+1)
	for j := range current {
		current[j] = j
	}
	for i := 1; i <= len(s); i++ {
		beforePrevious, previous, current = previous, current, make([]int, len(t)+1)
		current[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if fold(s[i-1]) == fold(t[j-1]) {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				current[j] = min(current[j], beforePrevious[j-2]+1)
			}
		}
	}
	return current[len(t)]
}

// fold lowers ASCII letters.
func fold(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}
