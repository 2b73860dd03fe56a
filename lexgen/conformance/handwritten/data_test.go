package handwritten_test

// The documents below are in the form in which the encoder writes them: $type
// first, then the properties in declared order, then the unknown ones, among them a
// $type where none is needed.

// quoted is a reference to a record, without braces.
const quoted = `"uri":"at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3mdxq7kd54k2y","cid":"bafyreibkt2e5o2tjubt26msdesczsnryxub4zcp4go3npjvltl7wm42axy"`

// photo is an image's blob.
const photo = `{"$type":"blob","ref":{"$link":"bafkreib7p5anamwlmywrmomvqanl7gfxvcspapyjjxsmsmrbquw657aqa4"},"mimeType":"image/jpeg","size":412345}`

// plainPost is a typical post of about 1 kB.
const plainPost = `{"$type":"app.bsky.feed.post",` +
	`"text":"A walk along the canal with @alice.example.com this morning: three herons, one kingfisher, and a fox that would not move 🦊.",` +
	`"facets":[{"index":{"byteStart":28,"byteEnd":46},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz"}]}],` +
	`"reply":{"root":{` + quoted + `},"parent":{` + quoted + `}},` +
	`"embed":{"$type":"app.bsky.embed.images","images":[{"image":` + photo + `,"alt":"A fox on a towpath","aspectRatio":{"width":2000,"height":1500}}]},` +
	`"langs":["en"],"createdAt":"2026-02-03T04:05:06.789Z"}`

// richPost has every property of a post, and unknown ones at every depth.
const richPost = `{"$type":"app.bsky.feed.post",` +
	`"text":"Herons with @alice.example.com, more at example.com/herons #birds \"quoted\" <&>\n🦊",` +
	`"entities":[{"index":{"start":0,"end":6},"type":"mention","value":"alice.example.com","unknown":true}],` +
	`"facets":[` +
	`{"index":{"byteStart":12,"byteEnd":30,"unit":"byte"},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:web:alice.example.com"}]},` +
	`{"index":{"byteStart":40,"byteEnd":58},"features":[` +
	`{"$type":"app.bsky.richtext.facet#link","uri":"https://example.com/herons","rel":["nofollow"]},` +
	`{"$type":"com.example.facet#underline","style":{"wave":3,"colour":null}}],"$type":"app.bsky.richtext.facet"},` +
	`{"index":{"byteStart":59,"byteEnd":65},"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"birds"}]}],` +
	`"reply":{"root":{` + quoted + `,"via":{"$link":"bafyreigngw46mol3hs5rjshkpsqy6272ysxmyrii76kshsavkvedw6towa"}},"parent":{` + quoted + `},"depth":2},` +
	`"embed":{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{` + quoted + `}},"media":` + videoEmbed + `},` +
	`"langs":["en","de-CH"],` +
	`"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"graphic-media"},{"val":"","neg":false}]},` +
	`"tags":["birds","größer"],"createdAt":"2026-02-03T04:05:06.789Z",` +
	`"via":"example client","seal":{"$bytes":"AQID"},"picture":` + photo + `,"empty":[],"nested":[[],{},[null,-9007199254740991]]}`

const videoEmbed = `{"$type":"app.bsky.embed.video",` +
	`"video":{"$type":"blob","ref":{"$link":"bafkreidqf2rovcqo2ko52omlzty6sboos4pv3qvv6h2bftp4zsvl3q763i"},"mimeType":"video/mp4","size":0},` +
	`"captions":[{"lang":"de","file":{"$type":"blob","ref":{"$link":"bafkreib7p5anamwlmywrmomvqanl7gfxvcspapyjjxsmsmrbquw657aqa4"},"mimeType":"text/vtt","size":20000}}],` +
	`"alt":"A fox, moving","aspectRatio":{"width":1,"height":1},"presentation":"loop"}`

const externalEmbed = `{"$type":"app.bsky.embed.external","external":{"uri":"https://example.com/herons","title":"Herons","description":"",` +
	`"thumb":` + photo + `,"associatedRefs":[{` + quoted + `}]}}`

const galleryEmbed = `{"$type":"app.bsky.embed.gallery","items":[` +
	`{"$type":"app.bsky.embed.gallery#image","image":` + photo + `,"alt":"","aspectRatio":{"width":4,"height":3}},` +
	`{"$type":"app.bsky.embed.gallery#hologram","depth":7}]}`

const unknownEmbed = `{"$type":"com.example.embed.poll","question":"Which bird?","options":["heron",{"$type":"com.example.embed.poll#other","n":1}],"closes":null}`

// withEmbed returns a post with the embed.
func withEmbed(embed string) string {
	return `{"$type":"app.bsky.feed.post","text":"","embed":` + embed + `,"createdAt":"2026-02-03T04:05:06.789Z"}`
}
