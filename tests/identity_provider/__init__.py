"""A national identity provider for tests: allauth's own OpenID Connect provider, as a service of its own."""
