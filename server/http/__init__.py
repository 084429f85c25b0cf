"""The only place for Starlette and uvicorn: routes, authentication, recording, the thread."""
