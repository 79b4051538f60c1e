"""The command ``kg``, as a process of its own."""
