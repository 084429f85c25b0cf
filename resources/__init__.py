"""What is shipped and not run: SCIM schemas, icons, samples."""
