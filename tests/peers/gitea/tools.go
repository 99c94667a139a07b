//go:build tools

// Package tools names what this module is for: `go mod tidy` keeps what Gitea needs.
package tools

import _ "code.gitea.io/gitea"
