"""The checks of the pages, each where it must fail and its nearest neighbour where it must not."""

import unittest

import pages
import sums


class Sums(unittest.TestCase):
    def test_what_is_right(self):
        for line in [
                "a  1.5 × 3,600 + 300 = 5,700", "2 ÷ 3 = 0.667",
                "words here  12 % × 60,000 = 7,200",
                "50,000 × (1 − 0.5 %)^17 = 45,916", "1 − (1 − 0.5 %)^17 = 8.17 %",
                "median(3, 1, 2) = 2", "median(60,010, 60,030) = 60,020",
                "max(25, 0.05 % × 60,030) = 30.015",
                "$1,000 − $1 = $999", "1 = 1 = 2 − 1"]:
            self.assertIsNone(sums.fault(line), line)

    def test_what_is_wrong(self):
        for line in [
                "1.5 × 3,600 + 300 = 5,701", "2 ÷ 3 = 0.666", "12 % × 60,000 = 7,201",
                "50,000 × (1 − 0.5 %)^17 = 45,915", "1 − (1 − 0.5 %)^17 = 8.18 %", "1 = 2 = 2",
                "words alone", "1 ÷ 0 = 1", "open(1) = 1", "'a' = 1"]:
            self.assertIsNotNone(sums.fault(line), line)


class Output(unittest.TestCase):
    def test_what_a_page_may_leave_out(self):
        self.assertIsNone(pages.difference(["a … c"], ["a b c"]))
        self.assertIsNone(pages.difference(["…", "c", "…"], ["a", "b", "c", "d"]))
        self.assertIsNone(pages.difference(["a", "…"], ["a"]))
        self.assertIsNone(pages.difference([], []))

    def test_what_it_may_not(self):
        for shown, printed in [
                (["a"], ["b"]), (["a"], []), ([], ["a"]), (["a"], ["a", "b"]), (["a", "b"], ["a"]),
                (["…", "c"], ["a", "b"]), (["a.c"], ["abc"]), (["a"], ["x", "a"])]:
            self.assertIsNotNone(pages.difference(shown, printed), (shown, printed))


class Steps(unittest.TestCase):
    def test_a_page_is_read_in_its_order(self):
        steps = pages.steps(
            "# A\n```console\n$ one \\\n  more\nprints\n$ two\n```\n<!-- file: a.py -->\n"
            "```python\nx\n```\n<!-- until: three -->\n"
            "<!-- beside -->\n```console\n$ four\n```\n<!-- stop -->\n"
            "```sum\n1 = 1\n```\n```sh\nnot run\n```\n")
        self.assertEqual([step.kind for step in steps],
                         ["console", "file", "until", "beside", "stop", "sum"])
        first, second = steps[0].commands()
        self.assertEqual((first.text, first.prints, first.line), ("one \\\n  more", ["prints"], 3))
        self.assertEqual((second.text, second.prints), ("two", []))
        self.assertEqual((steps[1].name, steps[1].lines), ("a.py", ["x"]))

    def test_a_page_that_cannot_be_meant_is_refused(self):
        for text in ["```console\n$ a", "<!-- file: a -->", "<!-- beside -->\n```python\n```\n",
                     "<!-- file: a -->\n<!-- file: b -->\n```sh\n```\n", "```{.x}\n```\n"]:
            with self.assertRaises(ValueError):
                pages.steps(text)
        with self.assertRaises(ValueError):
            pages.steps("```console\nno command\n```\n")[0].commands()


if __name__ == "__main__":
    unittest.main()
