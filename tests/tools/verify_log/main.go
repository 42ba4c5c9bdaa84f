// Verify a log of the register with Go's golang.org/x/mod/sumdb, which nobody here wrote.
//
//	verify_log FOLDER PUBLIC-KEY [OLDER-CHECKPOINT]
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height

type folder string

func (folder) Height() int                         { return height }
func (folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		data, err := f.read(tile, "tile/8/", "tile/")
		if err != nil {
			return nil, err
		}
		found = append(found, data[:tile.W*tlog.HashSize])
	}
	return found, nil
}

// read returns a tile, or the full one in the place of a part of it.
func (f folder) read(tile tlog.Tile, replaced, by string) ([]byte, error) {
	for _, w := range []int{tile.W, width} {
		tile.W = w
		// Tiles of c2sp.org/tlog-tiles have no height in their paths.
		name := strings.Replace(tile.Path(), replaced, by, 1)
		if data, err := os.ReadFile(filepath.Join(string(f), name)); err == nil {
			return data, nil
		}
	}
	return nil, fmt.Errorf("%s is missing", tile.Path())
}

func open(path string, verifier note.Verifier) (tlog.Tree, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	hash, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: hash}, err
}

// entries compares every entry with its hash in the signed tree.
func entries(f folder, tree tlog.Tree, hashes tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += width {
		count := tree.N - first
		if count > width {
			count = width
		}
		data, err := f.read(tlog.Tile{H: height, L: 0, N: first / width, W: int(count)}, "tile/8/0/", "tile/entries/")
		if err != nil {
			return err
		}
		for i := int64(0); i < count; i++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return errors.New("a bundle is cut")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			signed, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, first+i)})
			if err != nil {
				return err
			}
			if tlog.RecordHash(data[2:end]) != signed[0] {
				return fmt.Errorf("entry %d is not what was signed", first+i)
			}
			data = data[end:]
		}
	}
	return nil
}

func verify(arguments []string) error {
	verifier, err := note.NewVerifier(arguments[1])
	if err != nil {
		return err
	}
	f := folder(arguments[0])
	tree, err := open(filepath.Join(arguments[0], "checkpoint"), verifier)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, f)
	if err := entries(f, tree, hashes); err != nil {
		return err
	}
	if len(arguments) > 2 {
		old, err := open(arguments[2], verifier)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(tree.N, old.N, hashes)
		if err != nil {
			return err
		}
		return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
	}
	return nil
}

func main() {
	if err := verify(os.Args[1:]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("sound")
}
