"""How the shipped model is made. Needs the extra ``train``; run time never imports it."""
