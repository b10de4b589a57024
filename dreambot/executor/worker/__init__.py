"""The process that dreams: `python -m dreambot.executor.worker`. Nothing else imports torch for a job.

Begin reading at `__main__.py`.
"""
