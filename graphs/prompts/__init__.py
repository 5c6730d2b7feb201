"""What the assistant says and is told to say: language files, the prompt template and their loaders."""
