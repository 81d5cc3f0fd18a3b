"""Rules of docs/architecture.md, each shown to catch a planted violation."""
