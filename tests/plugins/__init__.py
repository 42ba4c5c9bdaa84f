"""What pytest loads before it reads the settings: an own home, a real PostgreSQL, a real Chromium, full numbers."""
