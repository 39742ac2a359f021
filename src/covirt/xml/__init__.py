# SPDX-License-Identifier: LGPL-2.1-or-later
"""Binds dataclasses to XML: one declaration is read, written, checked and described; knows no element.

Begin with `fields` (what a declaration can say) and `scalars` (how single values are spelled); `parse` and `format` are
what callers use.
"""

from covirt.xml.context import Context as Context
from covirt.xml.element import Element as Element
from covirt.xml.fields import ANY as ANY
from covirt.xml.fields import At as At
from covirt.xml.fields import Choice as Choice
from covirt.xml.foreign import Foreign as Foreign
from covirt.xml.format import format as format
from covirt.xml.listing import listing as listing
from covirt.xml.parse import Parsed as Parsed
from covirt.xml.parse import Reading as Reading
from covirt.xml.parse import parse as parse
from covirt.xml.parse import parse_element as parse_element
from covirt.xml.parse import read_document as read_document
from covirt.xml.problems import Problem as Problem
from covirt.xml.problems import Report as Report
from covirt.xml.reader import Limits as Limits
from covirt.xml.scalars import BadValue as BadValue
from covirt.xml.scalars import Hex as Hex
from covirt.xml.scalars import Int as Int
from covirt.xml.scalars import Long as Long
from covirt.xml.scalars import NonNegativeInt as NonNegativeInt
from covirt.xml.scalars import Number as Number
from covirt.xml.scalars import Octal as Octal
from covirt.xml.scalars import OneZero as OneZero
from covirt.xml.scalars import OnOff as OnOff
from covirt.xml.scalars import OnOffDefault as OnOffDefault
from covirt.xml.scalars import Own as Own
from covirt.xml.scalars import Present as Present
from covirt.xml.scalars import Scalar as Scalar
from covirt.xml.scalars import Size as Size
from covirt.xml.scalars import UInt as UInt
from covirt.xml.scalars import ULong as ULong
from covirt.xml.scalars import Words as Words
from covirt.xml.scalars import Yes as Yes
from covirt.xml.scalars import YesNo as YesNo
from covirt.xml.scalars import YesNoDefault as YesNoDefault
