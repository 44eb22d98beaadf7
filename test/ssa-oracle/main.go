// The oracle for server-side apply: runs scenarios through the real structured-merge-diff and reports what it did.
// Reads one scenario a line ({"ops": [...]}), writes one answer a line: the live object, the owners' sets and the
// conflicts after each operation. Build it in this folder with `go build`; it needs only Debian's Go packages.
package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"os"
	"sort"

	"sigs.k8s.io/structured-merge-diff/v4/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v4/merge"
	"sigs.k8s.io/structured-merge-diff/v4/typed"
)

//go:embed schema.yaml
var schema string

const version = fieldpath.APIVersion("v1")

type operation struct {
	Op      string      `json:"op"`
	Manager string      `json:"manager"`
	Object  interface{} `json:"object"`
	Force   bool        `json:"force"`
}

type answer struct {
	Live      interface{}                `json:"live"`
	Owners    map[string]json.RawMessage `json:"owners"`
	Conflicts []string                   `json:"conflicts"`
	Error     string                     `json:"error,omitempty"`
}

// There is one version only, so that nothing is ever converted.
type oneVersion struct{}

func (oneVersion) Convert(object *typed.TypedValue, _ fieldpath.APIVersion) (*typed.TypedValue, error) {
	return object, nil
}

func (oneVersion) IsMissingVersionError(error) bool { return false }

type world struct {
	kind    typed.ParseableType
	updater *merge.Updater
	live    *typed.TypedValue
	owners  fieldpath.ManagedFields
}

func main() {
	parser, err := typed.NewParser(typed.YAMLObject(schema))
	if err != nil {
		panic(err)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	for in.Scan() {
		var scenario struct{ Ops []operation }
		if err := json.Unmarshal(in.Bytes(), &scenario); err != nil {
			panic(err)
		}
		answers, err := json.Marshal(run(parser.Type("object"), scenario.Ops))
		if err != nil {
			panic(err)
		}
		out.Write(append(answers, '\n'))
	}
	out.Flush()
}

func run(kind typed.ParseableType, operations []operation) []answer {
	w := &world{kind: kind, updater: &merge.Updater{Converter: oneVersion{}}, owners: fieldpath.ManagedFields{}}
	answers := []answer{}
	for _, op := range operations {
		answers = append(answers, w.answer(w.do(op)))
	}
	return answers
}

// The rules around the library are the API server's: an object that exists and has no owners is not tracked by
// updates, and belongs to before-first-apply when it is applied to.
func (w *world) do(op operation) error {
	object, err := w.kind.FromUnstructured(op.Object)
	if err != nil {
		return err
	}
	empty, _ := w.kind.FromUnstructured(map[string]interface{}{})
	unowned := w.live != nil && len(w.owners) == 0
	live := w.live
	if live == nil {
		live = empty
	}
	owners := w.owners.Copy()
	if op.Op == "update" && unowned {
		w.live = object
		return nil
	}
	if op.Op == "update" {
		w.live, w.owners, err = w.updater.Update(live, object, version, owners, op.Manager)
		return err
	}
	if unowned {
		if _, owners, err = w.updater.Update(empty, live, version, owners, "before-first-apply/Update"); err != nil {
			return err
		}
	}
	next, owners, err := w.updater.Apply(live, object, version, owners, op.Manager, op.Force)
	if err != nil {
		return err
	}
	if next == nil {
		next = live
	}
	w.owners = owners
	w.live, err = w.kind.FromUnstructured(withoutNulls(next.AsValue().Unstructured()))
	return err
}

// The API server drops nulls from fields that may not be null, among them those that stand for an emptied container.
func withoutNulls(v interface{}) interface{} {
	switch v := v.(type) {
	case nil:
		return map[string]interface{}{}
	case map[string]interface{}:
		kept := map[string]interface{}{}
		for key, value := range v {
			if value != nil {
				kept[key] = withoutNulls(value)
			}
		}
		return kept
	case []interface{}:
		kept := []interface{}{}
		for _, value := range v {
			if value != nil {
				kept = append(kept, withoutNulls(value))
			}
		}
		return kept
	}
	return v
}

func (w *world) answer(err error) answer {
	a := answer{Owners: map[string]json.RawMessage{}, Conflicts: []string{}}
	if conflicts, ok := err.(merge.Conflicts); ok {
		for _, c := range conflicts {
			a.Conflicts = append(a.Conflicts, c.Manager+" "+c.Path.String())
		}
		sort.Strings(a.Conflicts)
	} else if err != nil {
		a.Error = err.Error()
	}
	if w.live != nil {
		a.Live = w.live.AsValue().Unstructured()
	}
	for name, owner := range w.owners {
		set, err := owner.Set().ToJSON()
		if err != nil {
			panic(err)
		}
		a.Owners[name] = set
	}
	return a
}
