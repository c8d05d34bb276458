"""The board in the browser: sign-in, the ward, a course, forms, live updates. See ARCHITECTURE.md, "The web"."""
