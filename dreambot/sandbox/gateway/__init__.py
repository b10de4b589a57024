"""The sandbox's gateway: sessions over WebSockets, and which event reaches which session."""
