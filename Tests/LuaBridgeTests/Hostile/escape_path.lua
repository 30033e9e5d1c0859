-- expect: exit=1 err~module 'passwd' not found
package.path = '/etc/?' package.cpath = '/lib/?.so' require 'passwd'
