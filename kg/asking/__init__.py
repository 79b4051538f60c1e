"""Questions to a graph that need no Cypher: what it holds, and why it says what it says."""
