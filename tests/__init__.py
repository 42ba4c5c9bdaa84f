"""Stories that cross folders, tests of the project itself, and the ground that all tests stand on."""
