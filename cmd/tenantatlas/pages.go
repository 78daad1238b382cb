package main

import (
	"errors"
	"io/fs"

	"github.com/tenantatlas/tenantatlas/frontend"
)

// startPage is what the API serves for every address of the application.
const startPage = "index.html"

// pages are the built application. Before it was built, its start page says so.
func pages() fs.FS {
	built, err := frontend.Pages()
	if err != nil {
		return nil // only for a folder name that is no path
	}
	return withPlaceholder{built}
}

type withPlaceholder struct{ fs.FS }

// Open implements fs.FS.
func (p withPlaceholder) Open(name string) (fs.File, error) {
	file, err := p.FS.Open(name)
	if name == startPage && errors.Is(err, fs.ErrNotExist) {
		return p.FS.Open("placeholder.html")
	}
	return file, err
}
