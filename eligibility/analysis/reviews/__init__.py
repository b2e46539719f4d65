"""Reviews of pilots: what alarms, how often such alarms were right, and what pilots can teach."""
