// check_bundle BUNDLE CARD: an export of a log checked with golang.org/x/mod alone.
//
// CARD is the printed trust card. Its keys of log, admins and witnesses and its hash of the genesis are
// believed; keys of people and days are learnt from the events that those have signed, and nothing
// from keys.vkey. Checked are the signatures of people, log, day keys and witnesses; the chain inside
// the events; every root recomputed from the entries; every hash tile; consistency of all heads;
// receipts; decisions that were signed elsewhere, and that who signed saw this log; and that a witness has
// cosigned a head at all.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "check_bundle: "+format+"\n", args...)
	os.Exit(1)
}

func read(path ...string) []byte {
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		fail("%v", err)
	}
	return data
}

func verifier(vkey string) note.Verifier {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		fail("%s: %v", vkey, err)
	}
	return v
}

// A cosigner (type 0x04) signs the time and the text; x/mod knows only type 0x01.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func newCosigner(vkey string) note.Verifier {
	part := strings.SplitN(vkey, "+", 3)
	hash, err := strconv.ParseUint(part[1], 16, 32)
	data, err2 := base64.StdEncoding.Strict().DecodeString(part[2])
	if err != nil || err2 != nil || len(data) != 33 || data[0] != 4 {
		fail("%s: not a cosigner", vkey)
	}
	return cosigner{part[0], uint32(hash), data[1:]}
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(index []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(index))
	for i, x := range index {
		if x < 0 || x >= int64(len(h)) {
			return nil, fmt.Errorf("no hash %d", x)
		}
		out[i] = h[x]
	}
	return out, nil
}

// x/mod keeps its own folders; the bundle has those of C2SP.
func tilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), "tile/8/")
	if strings.HasPrefix(path, "data/") {
		return "tile/entries/" + strings.TrimPrefix(path, "data/")
	}
	return "tile/" + path
}

type epoch struct {
	from int64 // the first size that this key does not share with the one before is from+1
	key  note.Verifier
	lost bool // the one before was lost: it does not sign the head of size from
}

// The keys that sign a head of this size: one, or at the end of an epoch two.
func covering(epochs []epoch, size int64) (want []note.Verifier) {
	for i, e := range epochs {
		last := i+1 == len(epochs) || size < epochs[i+1].from ||
			(size == epochs[i+1].from && !epochs[i+1].lost)
		if e.from <= size && last {
			want = append(want, e.key)
		}
	}
	return want
}

type checker struct {
	bundle, origin, genesis string
	log                     note.Verifier
	witnesses, known        []note.Verifier
	logs, days              []epoch
	size, cosigned          int64
	approvals               int
	people                  []note.Verifier
	list                    note.Verifiers
	tree                    hashes
	leaves                  [][]byte
}

func (c *checker) readCard(path string) {
	policy := false
	for i, line := range strings.Split(string(read(path)), "\n") {
		word := strings.Fields(line)
		switch {
		case i == 0 && line != "ledger-card/v1":
			fail("%s: not a trust card", path)
		case len(word) == 1 && word[0] == "policy":
			policy = true
		case len(word) < 2:
		case word[0] == "origin":
			c.origin = word[1]
		case word[0] == "genesis":
			c.genesis = word[1]
		case word[0] == "log" && !policy:
			c.log = verifier(word[1])
		case word[0] == "admin":
			c.people = append(c.people, verifier(word[1]))
		case word[0] == "witness" && len(word) >= 3:
			c.witnesses = append(c.witnesses, newCosigner(word[2]))
		}
	}
	if c.log == nil || c.log.Name() != c.origin || len(c.people) == 0 {
		fail("%s: a key is missing", path)
	}
	c.list = note.VerifierList(c.people...)
	c.known = c.witnesses
}

func signedBy(n *note.Note, v note.Verifier) bool {
	for _, s := range n.Sigs {
		if s.Name == v.Name() && s.Hash == v.KeyHash() {
			return true
		}
	}
	return false
}

// The head in this file, its signatures required: log, the day key in force, the next on a seal.
func (c *checker) head(path string) (int64, tlog.Hash) {
	size, root, n := c.headOf(read(c.bundle, path), path)
	for _, w := range c.witnesses {
		if signedBy(n, w) && size > c.cosigned {
			c.cosigned = size
		}
	}
	return size, root
}

func (c *checker) headOf(data []byte, path string) (int64, tlog.Hash, *note.Note) {
	known := append([]note.Verifier{}, c.known...)
	for _, e := range append(append([]epoch{}, c.logs...), c.days...) {
		known = append(known, e.key)
	}
	if len(c.logs) == 0 {
		known = append(known, c.log)
	}
	n, err := note.Open(data, note.VerifierList(known...))
	if err != nil {
		fail("%s: %v", path, err)
	}
	line := strings.Split(n.Text, "\n")
	if len(line) != 4 || line[0] != c.origin || line[3] != "" {
		fail("%s: not a checkpoint of %s", path, c.origin)
	}
	size, err := strconv.ParseInt(line[1], 10, 64)
	root, err2 := tlog.ParseHash(line[2])
	if err != nil || err2 != nil {
		fail("%s: size or root", path)
	}
	want := append(covering(c.logs, size), covering(c.days, size)...)
	if len(c.logs) == 0 {
		want = []note.Verifier{c.log}
	}
	for _, v := range want {
		if !signedBy(n, v) {
			fail("%s: no signature of %s+%08x", path, v.Name(), v.KeyHash())
		}
	}
	return size, root, n
}

// Reads the entries, checks chain and signatures of each, and builds the tree.
func (c *checker) entries() {
	prev := sha256.Sum256(nil)
	for tile := int64(0); tile*256 < c.size; tile++ {
		width := c.size - tile*256
		if width > 256 {
			width = 256
		}
		data := read(c.bundle, tilePath(tlog.Tile{H: 8, L: -1, N: tile, W: int(width)}))
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				fail("entry %d is cut off", tile*256+i)
			}
			n := int(binary.BigEndian.Uint16(data))
			c.entry(tile*256+i, data[2:2+n], &prev)
			data = data[2+n:]
		}
		if len(data) != 0 {
			fail("bytes behind the last entry of bundle %d", tile)
		}
	}
}

// What a control event adds to the keys that may sign from the next event on.
func (c *checker) learn(seq int64, typ string, body map[string]json.RawMessage) {
	text := func(name string) (value string) {
		json.Unmarshal(body[name], &value)
		return value
	}
	switch typ {
	case "book.genesis":
		c.days = append(c.days, epoch{key: verifier(text("day_key"))})
		c.logs = append(c.logs, epoch{key: c.log})
		if text("log_key") != "" {
			c.logs[0].key = verifier(text("log_key"))
		}
		if key := text("system_key"); key != "" {
			c.people = append(c.people, verifier(key))
		}
	case "key.add", "key.renew":
		c.people = append(c.people, verifier(text("vkey")))
	case "key.rotate":
		c.days = append(c.days, epoch{from: seq + 1, key: verifier(text("day_key"))})
	case "key.recover":
		var in struct {
			Day  string `json:"day_key"`
			Log  string `json:"log_key"`
			Lost bool   `json:"log_lost"`
		}
		json.Unmarshal(body["in"], &in)
		if in.Day != "" {
			c.days = append(c.days, epoch{seq + 1, verifier(in.Day), true})
		}
		if in.Log != "" {
			c.logs = append(c.logs, epoch{seq + 1, verifier(in.Log), in.Lost})
		}
	default:
		return
	}
	c.list = note.VerifierList(c.people...)
}

// A decision that was signed on another machine and is recorded here: a note of its own, about an event of
// this log, under a head that this log had.
func (c *checker) approval(seq int64, body map[string]json.RawMessage) {
	var in struct{ Approval []string }
	if json.Unmarshal(body["in"], &in) != nil || len(in.Approval) == 0 {
		return
	}
	n, err := note.Open([]byte(strings.Join(in.Approval, "\n")+"\n"), c.list)
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		fail("event %d: approval: %v", seq, err)
	}
	line := strings.Split(n.Text, "\n")
	var said struct {
		Actor  string
		OfSeq  string `json:"of_seq"`
		OfLeaf string `json:"of_leaf"`
		Cp     struct{ Size, Root string }
	}
	if len(line) != 3 || line[0] != "ledger-approval/v1 "+c.origin || json.Unmarshal([]byte(line[1]), &said) != nil {
		fail("event %d: approval: shape", seq)
	}
	if n.Sigs[0].Name != c.origin+"/a/"+said.Actor {
		fail("event %d: approval: signed by %s, not by %s", seq, n.Sigs[0].Name, said.Actor)
	}
	size, err := strconv.ParseInt(said.Cp.Size, 10, 64)
	of, err2 := strconv.ParseInt(said.OfSeq, 10, 64)
	if err != nil || err2 != nil || size > seq || of < 0 || of >= size {
		fail("event %d: approval: a head or an event that was not there", seq)
	}
	if root, err := tlog.TreeHash(size, c.tree); err != nil || hex.EncodeToString(root[:]) != said.Cp.Root {
		fail("event %d: approval: who signed saw another history", seq)
	}
	if leaf := tlog.RecordHash(c.leaves[of]); hex.EncodeToString(leaf[:]) != said.OfLeaf {
		fail("event %d: approval: of another event", seq)
	}
	c.approvals++
}

func (c *checker) entry(seq int64, leaf []byte, prev *[32]byte) {
	n, err := note.Open(leaf, c.list)
	if err != nil || len(n.UnverifiedSigs) != 0 {
		fail("event %d: %v", seq, err)
	}
	line := strings.Split(n.Text, "\n")
	var event struct {
		Seq, Prev, Type string
		Body            map[string]json.RawMessage
	}
	if len(line) != 3 || line[0] != "ledger-event/v1 "+c.origin ||
		json.Unmarshal([]byte(line[1]), &event) != nil {
		fail("event %d: shape", seq)
	}
	if event.Seq != strconv.FormatInt(seq, 10) || event.Prev != hex.EncodeToString(prev[:]) {
		fail("event %d: does not follow the one before it", seq)
	}
	*prev = tlog.RecordHash(leaf)
	if seq == 0 && hex.EncodeToString(prev[:]) != c.genesis {
		fail("the log begins with another genesis than the card says")
	}
	c.approval(seq, event.Body)
	c.learn(seq, event.Type, event.Body)
	stored, err := tlog.StoredHashesForRecordHash(seq, *prev, c.tree)
	if err != nil {
		fail("event %d: %v", seq, err)
	}
	c.tree = append(c.tree, stored...)
	c.leaves = append(c.leaves, leaf)
}

func (c *checker) tiles() {
	// NewTiles also names the narrower tiles that the log had on its way here.
	widest := map[[2]int64]tlog.Tile{}
	for _, t := range tlog.NewTiles(8, 0, c.size) {
		at := [2]int64{int64(t.L), t.N}
		if t.W > widest[at].W {
			widest[at] = t
		}
	}
	for _, t := range widest {
		want, err := tlog.ReadTileData(t, c.tree)
		if err != nil || !bytes.Equal(want, read(c.bundle, tilePath(t))) {
			fail("%s: not the hashes of the entries", tilePath(t))
		}
	}
}

func (c *checker) heads() int {
	files, err := os.ReadDir(filepath.Join(c.bundle, "checkpoints"))
	if err != nil {
		fail("%v", err)
	}
	var sizes []int
	for _, f := range files {
		n, err := strconv.Atoi(f.Name())
		if err != nil {
			fail("checkpoints/%s", f.Name())
		}
		sizes = append(sizes, n)
	}
	sort.Ints(sizes)
	_, last := c.head("checkpoint")
	for _, n := range sizes {
		path := "checkpoints/" + strconv.Itoa(n)
		size, root := c.head(path)
		if got, err := tlog.TreeHash(size, c.tree); err != nil || got != root || size != int64(n) {
			fail("%s: root", path)
		}
		proof, err := tlog.ProveTree(c.size, size, c.tree)
		if err != nil || tlog.CheckTree(proof, c.size, last, size, root) != nil {
			fail("%s: not consistent with the newest head", path)
		}
	}
	return len(sizes)
}

func (c *checker) receipts() int {
	files, _ := filepath.Glob(filepath.Join(c.bundle, "receipts", "*"))
	for _, f := range files {
		part := strings.SplitN(string(read(f)), "\n\n", 2)
		line := strings.Split(part[0], "\n")
		if len(part) != 2 || len(line) < 2 || line[0] != "c2sp.org/tlog-proof@v1" {
			fail("%s: shape", f)
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(line[1], "index "), 10, 64)
		if err != nil || index >= c.size {
			fail("%s: index", f)
		}
		var proof tlog.RecordProof
		for _, l := range line[2:] {
			hash, err := tlog.ParseHash(l)
			if err != nil {
				fail("%s: %v", f, err)
			}
			proof = append(proof, hash)
		}
		size, root, _ := c.headOf([]byte(part[1]), f)
		if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(c.leaves[index])); err != nil {
			fail("%s: %v", f, err)
		}
	}
	return len(files)
}

func main() {
	if len(os.Args) != 3 {
		fail("usage: check_bundle BUNDLE CARD")
	}
	c := &checker{bundle: os.Args[1]}
	c.readCard(os.Args[2])
	c.size, _ = c.head("checkpoint") // day keys are not known yet; looked at again below
	c.entries()
	if c.logs[len(c.logs)-1].key.KeyHash() != c.log.KeyHash() {
		fail("the log names another log key than the card")
	}
	size, root := c.head("checkpoint")
	if got, err := tlog.TreeHash(size, c.tree); err != nil || got != root {
		fail("the entries do not have the root of the checkpoint")
	}
	c.tiles()
	heads := c.heads()
	receipts := c.receipts()
	if len(c.witnesses) > 0 && c.cosigned == 0 {
		fail("no witness has cosigned any head")
	}
	fmt.Printf("%d events, %d older heads, %d receipts, %d approvals: all good; %d events seen by a witness\n",
		size, heads, receipts, c.approvals, c.cosigned)
	fmt.Printf("root %s\n", root)
}
