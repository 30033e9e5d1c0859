---@meta lab

---@alias iterator fun(): any, any, any

---What the tests use.
---@class lab
local lab = {}

---The version.
---@type string
lab.version = nil

---A list of numbers.
---@class Vector
---@field count integer How many elements.
---@field label string? A name, or nil.
---@field [string] number One of the first elements.
---@operator add(Vector|number): Vector
---@operator sub(Vector|number): Vector
---@operator unm: Vector
---@operator len: integer
---@overload fun(factor: number): Vector
---@operator concat(Vector|string): string
---@overload fun(elements: number[]): Vector
lab.Vector = {}

---A vector of zeros.
---@param count integer how many (from 0 to 1000000)
---@return Vector # the vector
function lab.Vector.zeros(count) end

---Inner product.
---@param other Vector a vector of the same size
---@return number # a number
function lab.Vector:dot(other) end

---One number from all.
---@param how? "mean"|"sum"|"none" what to do with them (default: "sum")
---@param scale? number multiplies the result (above 0; default: 1)
---@return number # the number
---@overload fun(self, options: { how?: "mean"|"sum"|"none", scale?: number }): number
function lab.Vector:reduce(how, scale) end

---Least and greatest.
---@return number? # the least
---@return number? # the greatest
function lab.Vector:extremes() end

---Both halves.
---@return Vector # the first
---@return Vector # the second
function lab.Vector:halves() end

---Sets all elements.
---@param value number the new value
function lab.Vector:fill_(value) end

---Applies a function to each element.
---@param f function takes and returns a number
---@return Vector # a vector
function lab.Vector:map(f) end

---The numbers.
---@return number[] # a list
function lab.Vector:totable() end

---Positions and elements, for a loop.
---@return iterator # an iterator
function lab.Vector:each() end

---How many.
---@return integer # a number
function lab.Vector:size() end

---Calls a function and releases every object made in it, at its end or at an error. What it returns, alone or in tables, stays.
---@param body function called with the arguments that follow
---@param ... any arguments for the function
---@return any # what the function returns
function lab.scope(body, ...) end

---Takes objects, alone or in tables, out of every scope, so that they stay until they are collected.
---@param ... any the objects
---@return any # the same values
function lab.keep(...) end

---Says what it got.
---@param name string a string
---@param count? integer an integer (from 1 to 9; default: 2)
---@param ratio? number a number (from 0 to below 1; default: 0.5)
---@param how? "mean"|"sum"|"none" a choice (default: "mean")
---@param note? string anything
---@return string # a sentence
---@overload fun(options: { name: string, count?: integer, ratio?: number, how?: "mean"|"sum"|"none", note?: string }): string
function lab.describe(name, count, ratio, how, note) end

---A list and options, as Sequential and LARS take them.
---@param items Vector[] vectors
---@param scale? number a factor (default: 1)
---@param name? string a name (default: "stack")
---@return string # a sentence
---@overload fun(options: { items: Vector[], scale?: number, name?: string }): string
function lab.stack(items, scale, name) end

---Sizes.
---@param sizes integer[] a list
---@param bias? boolean whether (default: true)
---@return string # text
---@overload fun(options: { sizes: integer[], bias?: boolean }): string
function lab.projector(sizes, bias) end

---Two numbers.
---@param inputs integer how many (of at least 1)
---@param outputs integer how many (of at least 1)
---@param bias? boolean whether (default: true)
---@return string # text
---@overload fun(options: { inputs: integer, outputs: integer, bias?: boolean }): string
function lab.linear(inputs, outputs, bias) end

---Reads a record.
---@param fields table<string, number> numbers by name
---@return number # the sum
---@overload fun(options: { fields: table<string, number> }): number
function lab.configure(fields) end

---Joins all.
---@param separator string between them
---@param ... string strings
---@return string # the text
function lab.join(separator, ...) end

---The same value.
---@param value? any anything
---@return any # it
function lab.echo(value) end

---A table's names and list.
---@param table table a table
---@return string[] # names
---@return integer[] # numbers
function lab.echo_options(table) end

---Four results.
---@return integer # a
---@return number # b
---@return string # c
---@return integer[] # d
function lab.four() end

---Three results.
---@return boolean # a
---@return integer? # b
---@return table<string, integer> # c
function lab.three() end

---Half of it.
---@param value Vector|number a vector or a number
---@return Vector|number # half of it
function lab.half(value) end

---Calls a function twice.
---@param f function a function
---@param x number where to start
---@return number # f(f(x))
function lab.twice(f, x) end

---Two results of a function.
---@param f function gives two numbers
---@return number # their sum
function lab.both(f) end

---Calls a function and swallows its error.
---@param f function a function
---@return string? # the message, or nil
function lab.quietly(f) end

---Many objects in tables.
---@param count integer how many
---@return table<string, Vector[]> # a table of them
function lab.vectors(count) end

---Works until it is told to stop.
---@param count integer rounds
function lab.spin(count) end

---Always fails.
---@param message string what to say
function lab.fail(message) end

---Notes how the script ended.
---@param file table where to write
function lab.at_end(file) end

---A family of classes.
---@class lab.shapes
lab.shapes = {}

---Anything with an area.
---@class Figure
---@field size number The length of a side.
lab.shapes.Figure = {}

---The area.
---@return number # a number
function lab.shapes.Figure:area() end

---A square.
---@class Square: Figure
---@overload fun(size?: number): Square
---@overload fun(options: { size?: number }): Square
lab.shapes.Square = {}

---The diagonal.
---@return number # a number
function lab.shapes.Square:diagonal() end

---A circle, nearly.
---@class Circle: Figure
---@overload fun(size: number): Circle
lab.shapes.Circle = {}

---A cube, which is not declared.
---@return Figure # it
function lab.shapes.cube() end

---Sum of areas.
---@param figures Figure[] all of them
---@return number # a number
function lab.shapes.total(figures) end

---Whether it is a cube.
---@param figure Cube any
---@return boolean # a boolean
function lab.shapes.is_cube(figure) end

return lab
